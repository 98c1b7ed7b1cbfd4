// The others in a race: how sure the AI is of each, as thermometers. Never their drawings.

import { badge, botMark } from "./badge.js";
import { certainty } from "./certainty.js";
import { icon, make } from "./dom.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

export class Opponents {
  #list;
  #goal = 1;
  #rows = new Map(); // seat → its parts

  constructor(list) {
    this.#list = list;
  }

  /** Show these seats, the own one left out by the caller; `goal` is the probability that wins. */
  seats(seats, goal) {
    const key = (seat) => `${seat.seat} ${seat.name} ${seat.colour}`;
    this.#goal = goal;
    this.#list.style.setProperty("--goal", RULES.certainty.flag.toFixed(3));
    if (seats.map(key).join() !== [...this.#rows.values()].map((row) => row.key).join()) {
      this.#rows = new Map(seats.map((seat) => [seat.seat, { ...parts(seat), key: key(seat) }]));
      this.#list.replaceChildren(...[...this.#rows.values()].map((row) => row.item));
    }
    for (const seat of seats) this.#tell(seat);
    this.#list.classList.toggle("many", seats.length > 4);
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

function parts({ colour, name, ghost, bot = null }) {
  const state = make("span", "state");
  const who = make("span", "who", make("b", "", name), state);
  const tube = make("i", "tube", make("i", "heat"));
  const item = make("li", `c${colour}`, badge(colour), who, tube);
  if (ghost) who.prepend(icon("ghost"));
  if (bot) who.prepend(botMark());
  return { item, state, name };
}
