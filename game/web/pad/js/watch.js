// Watching a race without a pad, as on a big screen: the word, the clock and everyone's thermometer.

import { Clock } from "./clock.js";
import { link } from "./links.js";
import { Opponents } from "./opponents.js";
import { qr } from "./qr.js";
import { noun, t } from "./strings.js";

export class Watch {
  #parts;
  #clock;
  #opponents;
  #code = null;

  constructor(parts) {
    this.#parts = parts;
    this.#clock = new Clock(parts.ring, parts.seconds, () => {});
    this.#opponents = new Opponents(parts.opponents);
  }

  /** Take a `race` state while a round is counted down or drawn; `goal` is the probability that wins. */
  show(state, goal, fresh) {
    const { round, word, says, code, qr: place } = this.#parts;
    round.textContent = t("roundOf", { round: state.number, rounds: state.rounds });
    this.#opponents.seats(
      state.seats.filter(({ joins }) => !joins),
      goal,
    );
    if (fresh) this.#opponents.cool();
    if (state.stage === "drawing") this.#clock.run(state.left, state.total);
    else this.#clock.windUp();
    word.textContent = state.stage === "countdown" ? t("watch.ready") : noun(state.word);
    const waits = state.seats.some(({ seat, joins }) => seat === state.you && joins);
    says.textContent = t(waits ? "watch.joins" : "watch.watching");
    if (state.code === this.#code) return;
    this.#code = state.code;
    code.textContent = state.code;
    place.replaceChildren(qr(link("room", state.code), t("lobby.qr")));
  }

  progress(seats) {
    this.#opponents.progress(seats);
  }

  stop() {
    this.#clock.hold();
  }
}
