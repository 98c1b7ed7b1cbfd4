// The others in a race: how sure the AI is of each, as thermometers, and, for those who do not draw, their pads.

import { badge, botMark } from "./badge.js";
import { certainty } from "./certainty.js";
import { icon, make } from "./dom.js";
import { Fit } from "./fit.js";
import { feel } from "./reactions.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";
import { teamMark } from "./teams.js";

const MANY = 4;
const CROWD = 8;

export class Opponents {
  #list;
  #live;
  #fit;
  #goal = 1;
  #rows = new Map(); // seat → its parts

  /** `live` holds the drawings in progress. */
  constructor(list, live) {
    this.#list = list;
    this.#live = live;
    this.#fit = new Fit(list);
  }

  /**
   * Show these seats, the own one left out by the caller; `goal` is the probability that wins, `pads` says whether
   * their drawings are shown.
   */
  seats(seats, goal, pads = false) {
    const key = (seat) => `${seat.seat} ${seat.name} ${seat.colour} ${seat.team} ${seat.badge}`;
    this.#goal = goal;
    this.#list.style.setProperty("--goal", RULES.certainty.flag.toFixed(3));
    if (seats.map(key).join() !== [...this.#rows.values()].map((row) => row.key).join()) {
      this.#rows = new Map(seats.map((seat) => [seat.seat, { ...parts(seat), key: key(seat) }]));
      this.#list.replaceChildren(...[...this.#rows.values()].map((row) => row.item));
    }
    for (const seat of seats) this.#tell(seat);
    this.#list.classList.toggle("many", seats.length > MANY);
    this.#list.classList.toggle("crowd", seats.length > CROWD);
    this.#list.classList.toggle("live", pads);
    for (const [seat, { frame }] of this.#rows) frame.replaceChildren(...(pads ? [this.#live.picture(seat)] : []));
    if (pads) this.#fit.again();
    else this.#list.removeAttribute("tabindex");
  }

  /** A new round: everyone is cold. */
  cool() {
    for (const row of this.#rows.values()) this.#heat(row, 0);
  }

  /** Take `progress`: each seat's certainty. */
  progress(seats) {
    for (const { seat, target, milliseconds } of seats) {
      const row = this.#rows.get(seat);
      if (row) this.#heat(row, target, milliseconds);
    }
  }

  /** Show beside a player what they feel. */
  feel(seat, reaction) {
    feel(this.#rows.get(seat)?.item, reaction);
  }

  #heat(row, share, milliseconds = null) {
    const done = milliseconds !== null;
    row.item.style.setProperty("--heat", (done ? 1 : certainty(share, this.#goal)).toFixed(3));
    row.item.classList.toggle("done", done);
    if (done) row.state.textContent = t("seconds", { milliseconds });
    row.item.setAttribute(
      "aria-label",
      t(done ? "opponentsDone" : "opponents", { name: row.name, percent: Math.round(share * 100) }),
    );
  }

  #tell({ seat, connected, joins, milliseconds }) {
    const row = this.#rows.get(seat);
    row.item.classList.toggle("away", !connected || joins);
    if (milliseconds !== null) this.#heat(row, 1, milliseconds);
    if (row.item.classList.contains("done")) return;
    row.state.textContent = !connected ? t("seat.away") : joins ? t("seat.joins") : "";
  }
}

function parts({ colour, badge: doodle = null, name, ghost, bot = null, team = null }) {
  const state = make("span", "state");
  const who = make("span", "who", teamMark(team), make("b", "", name), state);
  const tube = make("i", "tube", make("i", "heat"));
  const frame = make("span", "frame");
  const item = make("li", `c${colour}`, frame, badge({ colour, badge: doodle }), who, tube);
  if (ghost) who.prepend(icon("ghost"));
  if (bot) who.prepend(botMark());
  return { item, state, name, frame };
}
