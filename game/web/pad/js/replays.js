// A drawing drawn again: its strokes, what the AI said meanwhile, and a curve to scrub along.

import { get } from "./api.js";
import { nameplate } from "./badge.js";
import { certainty } from "./certainty.js";
import { draw } from "./dom.js";
import { line, VIEW_BOX } from "./gallery.js";
import { RULES } from "./rules.js";
import { shareActions } from "./share_actions.js";
import { noun, t } from "./strings.js";
import { HIGH, timeline, tipping, WIDE } from "./timeline.js";

const STEP = 50; // ms a step of the slider
const TAIL = 400; // ms shown after the last moment

export class Replays {
  #parts;
  #page;
  #face;
  /** @type {Replay} set before anything is shown */
  #replay = /** @type {any} */ (null);
  #id = null;
  #paths = [];
  #now = draw("path", { class: "now" });
  #length = 1;
  #frame = 0;

  /** `page`: as for `RaceView`; `face` looks on. */
  constructor(parts, { page, face }) {
    this.#parts = parts;
    this.#page = page;
    this.#face = face;
    parts.at.addEventListener("input", () => this.#pause(Number(parts.at.value)));
    parts.play.addEventListener("click", () => (this.#frame ? this.#pause(this.#at) : this.#play()));
  }

  /** Show a replay from its first stroke on. */
  async open(id) {
    const replay = await get(`replays/${encodeURIComponent(id)}`).catch(() => undefined);
    if (replay === undefined) return this.#page.errors.unanswered(() => this.open(id));
    if (replay === null) return this.#page.errors.hear("unknown");
    this.#id = id;
    this.#replay = replay;
    this.#fill();
    this.#page.screens.open("replay", id);
    return calm.matches ? this.#pause(this.#length) : this.#play(0);
  }

  /** A drawing was reported: show it no more. */
  hide(id) {
    if (id === this.#id && this.#page.screens.own === "replay") this.#page.screens.close();
  }

  get #at() {
    return Number(this.#parts.at.value);
  }

  #fill() {
    const { word, strokes, frames, milliseconds } = this.#replay;
    const { sheet, by, title, result, curve, at, tipped } = this.#parts;
    const last = Math.max(milliseconds, frames.at(-1)?.[1] ?? 0, strokes.at(-1)?.[2].at(-1) ?? 0);
    this.#length = Math.ceil((last + TAIL) / STEP) * STEP;
    this.#paths = strokes.map(() => draw("path"));
    const label = t("drawingBy", this.#replay);
    sheet.replaceChildren(draw("svg", { viewBox: VIEW_BOX, role: "img", "aria-label": label }, ...this.#paths));
    by.replaceChildren(nameplate(this.#replay));
    title.textContent = noun(word);
    result.textContent = this.#result();
    const goal = this.#page.guesser.threshold(word);
    const graph = timeline({ frames, strokes, length: this.#length, goal, word });
    graph.append(this.#now);
    curve.replaceChildren(graph);
    curve.className = this.#replay.outcome;
    at.max = this.#length;
    at.step = STEP;
    const tip = tipping(strokes, frames, goal);
    tipped.textContent = tip ? t("timeline.tipped", { stroke: tip, word }) : t("replay.never");
    this.#parts.share.replaceChildren(...shareActions(this.#replay, this.#id, this.#page));
  }

  #result() {
    const { outcome, milliseconds, best } = this.#replay;
    return t(`replay.${outcome}`, { time: t("seconds", { milliseconds }), percent: Math.round(best * 100) });
  }

  /** Play from a moment; from the start when it is at its end. */
  #play(from = this.#at >= this.#length ? 0 : this.#at) {
    const began = performance.now() - from;
    const step = () => {
      const moment = performance.now() - began;
      const open = this.#page.screens.own === "replay";
      if (!open || moment >= this.#length) return this.#pause(this.#length);
      this.#show(moment);
      this.#frame = requestAnimationFrame(step);
      return undefined;
    };
    this.#stop();
    this.#frame = requestAnimationFrame(step);
    this.#tell(true);
    this.#show(from);
  }

  #pause(moment) {
    this.#stop();
    this.#tell(false);
    this.#show(moment);
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #tell(plays) {
    const { play } = this.#parts;
    play.querySelector("use").setAttribute("href", plays ? "#i-pause" : "#i-play");
    const name = t(plays ? "replay.pause" : "replay.play");
    play.querySelector("span").textContent = name;
    play.setAttribute("aria-label", name); // a phone shows the symbol alone
  }

  /** Show the drawing as it was at a moment, in ms of the round. */
  #show(moment) {
    const { strokes, frames, word } = this.#replay;
    const { at, time, speech } = this.#parts;
    strokes.forEach(([xs, ys, ts], index) => {
      const drawn = ts.filter((ms) => ms <= moment).length;
      this.#paths[index].setAttribute("d", drawn ? line(xs.slice(0, drawn), ys.slice(0, drawn)) : "M0 0");
      this.#paths[index].style.visibility = drawn ? "" : "hidden";
    });
    const begun = strokes.filter(([, , ts]) => ts[0] <= moment).length;
    const frame = frames.findLast(([, ms]) => ms <= moment) ?? null;
    const x = (Math.min(moment / this.#length, 1) * WIDE).toFixed(1);
    this.#now.setAttribute("d", `M${x} 0V${HIGH}`);
    at.value = moment;
    const told = t("replay.at", {
      stroke: begun,
      strokes: strokes.length,
      time: t("seconds", { milliseconds: moment }),
    });
    time.textContent = told;
    at.setAttribute("aria-valuetext", told);
    speech.textContent = this.#speech(frame);
    this.#face.feel(this.#mood(frame, word));
  }

  #won(frame) {
    return this.#replay.outcome === "guessed" && frame?.[0] >= this.#replay.frame;
  }

  #speech(frame) {
    if (frame === null) return t("watching");
    if (this.#won(frame)) return t("gotIt", this.#replay);
    const goal = this.#page.guesser.threshold(this.#replay.word);
    const hot = certainty(frame[2], goal) >= RULES.certainty.hot;
    return t(hot ? "sure" : "guess", { word: frame[3] });
  }

  #mood(frame, word) {
    if (frame === null) return "waiting";
    if (this.#won(frame)) return "got";
    return frame[3] === word ? "hot" : "unsure";
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
