// Tells the player what went wrong: a slip that names it, or a card with buttons for what to do next.

import { show as showAddress } from "./links.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

const SLIP = 4000; // ms that a slip about a mistake stays
const DISCONNECTED = ["lost", "lostElsewhere", "stopping", "blocked.text", "problems.waiting"]; // slips until the connection is restored
const SLIPS = [
  "bad_name",
  "bad_badge",
  "too_few",
  "not_host",
  "watching",
  "too_many",
  "too_quick",
  "too_fast",
  "unreachable",
];

export class ErrorDialogs {
  #page;
  #acts;
  #stopping = false; // the server said so itself
  #waiting = false; // for a race that nobody can reach

  /** `page`: connection, notes, sheet, routes, screens; `again(mode)` starts a game. */
  constructor(page, again) {
    this.#page = page;
    this.again = again;
    const { routes } = page;
    this.#acts = {
      unknown_room: () => routes.acts.meet(),
      room_full: () => routes.join(routes.code, true),
      kicked: () => routes.acts["open-room"](),
      room_lost: () => routes.acts["open-room"](),
      unknown: () => routes.acts.meet(),
      daily_done: () => routes.acts["daily-board"](),
      too_many_tries: () => {},
    };
  }

  /** Take the code of a `problem`. */
  hear(code) {
    if (code === "stopping") this.#stopping = true;
    if (code in this.#acts) showAddress();
    if (code in this.#acts) this.#card(`problems.${code}`, this.#acts[code], code !== "too_many_tries");
    else if (code === "waiting") this.#wait();
    else if (SLIPS.includes(code)) this.#slip(t(`problems.${code}`, RULES.name));
    if (code === "too_much_ink") this.#page.sheet.fill();
    else if (code === "too_quick" || code === "from_the_future") this.#page.sheet.refused();
    else if (code === "too_fast" || code === "out_of_place") this.#page.connection.hello();
  }

  /** What a link names could not be asked for, and may well be there: the address stays; `again` asks once more. */
  unanswered(again) {
    this.#card("problems.no_answer", again, true);
  }

  /** A race says how it stands. */
  goesOn() {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#page.notes.drop("problems.waiting");
    this.#slip(t("problems.goes_on"));
  }

  /** The connection was lost; it is being restored. */
  lost(drawing, blocked) {
    if (this.#page.notes.kind) return;
    const lost = blocked ? "blocked.text" : drawing ? "lost" : "lostElsewhere";
    this.#page.notes.slip(this.#stopping ? "stopping" : lost);
  }

  /** The connection is restored. */
  found() {
    this.#stopping = this.#waiting = false;
    for (const key of DISCONNECTED) this.#page.notes.drop(key);
  }

  /** Nothing goes on: the server is gone, or the game is in another tab. */
  stop(kind) {
    this.#page.notes.card(kind, () => this.#page.connection.connect());
  }

  /** The server forgot the game. */
  restarted(mode) {
    this.#card("restarted", () => this.again(mode), true);
  }

  /** The seat in a race is gone. */
  seatLost(code) {
    const { routes } = this.#page;
    this.#card("problems.seat_lost", () => (code ? routes.join(code) : routes.acts.meet()), true);
  }

  /** Ask before a seat is given up; `leave` does it. */
  leaving(leave) {
    const { notes } = this.#page;
    notes.card(
      "problems.leaving",
      () => notes.clear(),
      () => {
        notes.clear();
        leave();
      },
    );
  }

  #card(kind, yes, home) {
    const { notes, screens } = this.#page;
    const after = (act) => () => {
      notes.clear();
      act();
    };
    notes.card(kind, after(yes), home ? after(() => screens.close()) : null);
  }

  #wait() {
    this.#waiting = true;
    this.#page.notes.slip("problems.waiting");
  }

  #slip(text) {
    this.#page.notes.pass(text, SLIP);
  }
}
