// The end of a race: who stands where, and the round's best drawings beside one's own.

import { badge, botMark, nameplate } from "./badge.js";
import { icon, make } from "./dom.js";
import { card } from "./gallery.js";
import { feel } from "./reactions.js";
import { rank, seriesOver, showStandings } from "./series.js";
import { t } from "./strings.js";
import { leader, teamName } from "./teams.js";

const STEPS = ["first", "second", "third"];

export class Podium {
  /** @type {number | null} the place among all who played the day's words; a daily game has no other */
  rank = null;
  #parts;
  #shown = ""; // the podium as last shown
  #places = new Map(); // seat → its element

  /** `watch(replay)` shows a replay. */
  constructor(parts, watch) {
    this.#parts = parts;
    this.watch = watch;
  }

  /** Show the `race` state of stage over; `reveals` are those of its rounds that were seen. */
  show(state, reveals) {
    const { title, steps, rest, wall } = this.#parts;
    const placings = this.#placings(state);
    const key = JSON.stringify(placings);
    const last = seriesOver(state);
    const team = leader(last ? state.series : state);
    title.textContent =
      team === null
        ? t(`podium.${this.#headline(state, placings)}`, { name: placings[0]?.name ?? "" })
        : t(last ? "podium.lostSeries" : "podium.lost", { name: teamName(team) });
    showStandings(this.#parts.series, state);
    if (key !== this.#shown) {
      this.#shown = key;
      const entries = placings.map((placing, index) => {
        const item = index < STEPS.length ? step(placing, state.you) : rank(placing, state.you);
        return [placing, item];
      });
      this.#places = new Map(entries.map(([{ seat }, item]) => [seat, item]));
      const items = entries.map(([, item]) => item);
      steps.replaceChildren(...items.slice(0, STEPS.length));
      rest.replaceChildren(...items.slice(STEPS.length));
    }
    const cards = [...reveals.values()].flatMap((reveal) => this.#round(reveal, state.you));
    wall.replaceChildren(...cards);
    wall.parentElement.hidden = cards.length === 0;
  }

  /** Show beside a player what they feel. */
  feel(seat, reaction) {
    feel(this.#places.get(seat), reaction);
  }

  /** Who stands on the podium: after the last race of a series those who lead it. */
  #placings(state) {
    if (state.kind === "daily") return state.podium.map((each) => ({ ...each, place: this.rank }));
    return seriesOver(state) ? state.series.standings : state.podium;
  }

  #headline(state, placings) {
    if (state.kind === "daily") return "daily";
    if (placings.length < 2) return "done";
    const what = placings[0].seat === state.you ? "won" : "lost";
    return seriesOver(state) ? `${what}Series` : what;
  }

  /** The winner's drawing of a round, and one's own where it is another. */
  #round({ winner, drawings, word }, you) {
    const wanted = new Set([winner, you]);
    return drawings
      .filter(({ seat, hidden }) => wanted.has(seat) && !hidden)
      .map((drawing) => card({ ...drawing, word, by: drawing }, drawing.replay, this.watch, nameplate(drawing)));
  }
}

/** A step of the podium with a player on it. */
function step({ place, seat, name, colour, badge: doodle = null, points, ghost, bot = false }, you) {
  const score = make("span", "score", t("points", { count: points }));
  const item = make("li", `${STEPS[(place ?? 0) - 1] ?? "alone"} c${colour}`);
  item.classList.toggle("mine", seat === you);
  const who = make("span", "who", ghost ? icon("ghost") : null, bot ? botMark() : null, name);
  if (place === 1) item.append(icon("crown"));
  item.append(badge({ colour, badge: doodle }), who, score, make("span", "step", place === null ? "" : String(place)));
  return item;
}
