// A player's badge: one colour and one shape a seat, so nobody needs to tell colours apart, or a doodle of their own.

import { LAST, read } from "./badge_ink.js";
import { draw, icon, make } from "./dom.js";
import { line } from "./gallery.js";
import { t } from "./strings.js";

const SHAPES = [
  "M12 3.600c5 0 8.500 3.500 8.500 8.400s-3.600 8.500-8.500 8.500-8.500-3.600-8.500-8.500 3.500-8.400 8.700-8.400",
  "M4.200 4.600 19.600 4l.5 15.400-15.700.6z",
  "M12 3.200 21.200 20l-18.400.3z",
  "M12 2.600 20.600 12 12.200 21.600 3.400 12.200z",
  "m12 2.400 2.800 6.300 6.900.8-5.100 4.600 1.500 6.800-6-3.500-5.900 3.600 1.300-6.900-5.200-4.500 6.900-.8z",
  "M8.600 3.200h6.600l.2 5.300 5.400.2v6.500l-5.300.2-.2 5.400H8.800l-.2-5.300-5.400-.2V8.700l5.300-.2z",
  "M12 21C5.200 15.600 2.600 11.600 3.600 8c1.200-4 6.400-4.300 8.400-.6 2-3.700 7.300-3.400 8.400.6 1 3.600-1.600 7.600-8.400 13z",
  "M7.300 3.800 16.600 3.500 21.400 11.800 16.900 20.200 7.400 20.500 2.700 12.200z",
];

const SIDE = 25; // of a badge, in its own units

/**
 * The badge of a colour's number, 0 to 7: its blot a little beside its outline, like the guesser's; or the player's
 * doodle on a pale blot, where `badge` is one.
 * @param {{ colour: number, badge?: string | null }} who
 */
export function badge({ colour, badge: doodle = null }) {
  const shape = SHAPES[colour % SHAPES.length];
  const own = doodlePath(doodle ?? "");
  return draw(
    "svg",
    {
      class: `badge-of c${colour % SHAPES.length}${own ? " own" : ""}`,
      viewBox: `0 0 ${SIDE} ${SIDE}`,
      "aria-hidden": "true",
    },
    draw("path", { class: "blot", d: shape, transform: "translate(1.200 1)" }),
    draw("path", own ? { class: "doodle", d: own } : { d: shape }),
  );
}

/** The path of a doodle; empty without one. */
function doodlePath(doodle) {
  const place = (values) => values.map((value) => Math.round((value * SIDE * 100) / LAST) / 100);
  return read(doodle)
    .map(([xs, ys]) => line(place(xs), place(ys)))
    .join("");
}

/**
 * Badge and name in one line; a bot is marked as one.
 * @param {{ colour: number, badge?: string | null, name: string, bot?: string | boolean | null }} who
 */
export function nameplate({ colour, badge: doodle = null, name, bot = null }) {
  return make("span", "nameplate", badge({ colour, badge: doodle }), bot ? botMark() : null, make("span", "who", name));
}

/** The sign of a bot, for eyes and ears. */
export function botMark() {
  const mark = make("span", "bot", icon("bot"), make("span", "spoken", t("bots.mark")));
  mark.title = t("bots.mark");
  return mark;
}
