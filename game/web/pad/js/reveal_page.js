// After a round: all drawings side by side, when each was guessed, and how sure the AI was on the way.

import { nameplate } from "./badge.js";
import { button, make } from "./dom.js";
import { momentOf, picture } from "./gallery.js";
import { feel } from "./reactions.js";
import { reporter } from "./report.js";
import { noun, t } from "./strings.js";
import { timeline } from "./timeline.js";

const MANY = 4;
const CROWD = 8;

export class RevealPage {
  #parts;
  #face;
  #page; // connection and notes
  #badgeSheet;
  #cards = new Map(); // seat → the element of its drawing

  constructor(parts, face, { connection, notes, badgeSheet }) {
    this.#parts = parts;
    this.#face = face;
    this.#page = { connection, notes };
    this.#badgeSheet = badgeSheet;
  }

  /** Show a `reveal` in the race `state`; `goal` is the probability that wins. */
  show(reveal, state, goal) {
    const { round, word, says, drawings } = this.#parts;
    const length = Math.max(...reveal.drawings.map(({ milliseconds }) => milliseconds), 1000);
    round.textContent = t("roundOf", { round: state.number, rounds: state.rounds });
    word.textContent = noun(reveal.word);
    says.textContent = this.#news(reveal, state.you);
    this.#face.feel(reveal.drawings.some(guessed) ? "got" : "bell");
    drawings.classList.toggle("many", reveal.drawings.length > MANY);
    drawings.classList.toggle("crowd", reveal.drawings.length > CROWD);
    drawings.classList.toggle("few", reveal.drawings.length === 1);
    const cards = reveal.drawings.map((drawing) => this.#card(drawing, reveal.word, { length, goal, you: state.you }));
    this.#cards = new Map(reveal.drawings.map(({ seat }, index) => [seat, cards[index]]));
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const held = controls(drawings).indexOf(focused);
    drawings.replaceChildren(...cards);
    controls(drawings)[held]?.focus();
    return says.textContent;
  }

  /** Show that the drawings were missed, as after a reload. */
  missed(state) {
    const { round, word, says, drawings } = this.#parts;
    round.textContent = t("roundOf", { round: state.number, rounds: state.rounds });
    word.textContent = noun(state.word);
    says.textContent = t("reveal.missed");
    drawings.replaceChildren();
  }

  /** Show on a player's drawing what they feel. */
  feel(seat, reaction) {
    feel(this.#cards.get(seat), reaction);
  }

  #news({ winner, drawings }, you) {
    const best = drawings.find(({ seat }) => seat === winner);
    if (!best) return t("reveal.nobody");
    const values = { name: best.name, time: t("seconds", best) };
    if (best.seat === you) return t(guessed(best) ? "reveal.youFirst" : "reveal.youClosest", values);
    return t(guessed(best) ? "reveal.first" : "reveal.closest", values);
  }

  #card(drawing, word, { length, goal, you }) {
    const { seat, colour, outcome, milliseconds, points, strokes, frames, hidden, name } = drawing;
    const tag = t(`tags.${outcome}`, { time: t("seconds", { milliseconds }) });
    const gain = make("span", "gain", points ? t("gain", { points }) : "");
    const item = make(
      "li",
      `${outcome} c${colour}`,
      hidden
        ? make("p", "picture gone", t("report.hidden"))
        : picture(strokes, t("drawingBy", { word, name }), momentOf(drawing)),
      make("span", "tag", tag),
      make("div", "line", nameplate(drawing), gain),
      hidden ? null : timeline({ frames, strokes, length, goal, word }),
      make("p", "thought", thoughts(frames)),
      fair(drawing),
    );
    item.classList.toggle("mine", seat === you);
    if (drawing.replay && !hidden && seat !== you) item.append(reporter(drawing.replay, this.#page));
    if (seat === you && !hidden && strokes.length) item.append(this.#wearer(strokes));
    return item;
  }

  /** The button that makes the own drawing the own badge. */
  #wearer(strokes) {
    const label = t("badge.use");
    const use = button("", () => this.#badgeSheet.use(strokes), { symbol: "badge", className: "plain report", label });
    use.title = label;
    return use;
  }
}

function guessed({ outcome }) {
  return outcome === "guessed";
}

/** What the AI took the drawing for, one after the other. */
function thoughts(frames) {
  const words = frames.map((frame) => frame[3]).filter((word, index, all) => word && word !== all[index - 1]);
  return words.length ? words.slice(-3).map(noun).join(t("ellipsis")) : t("thoughtNothing");
}

/** Behind a tap: the frame that decided, and what was given back for the link's delay. */
function fair({ frame, delay, compensated, frames }) {
  if (frames.length === 0) return null;
  const values = { frame, delay: Math.round(delay ?? 0), given: Math.round(compensated) };
  const text = t(delay === null ? "reveal.frame" : "reveal.fair", values);
  return make("details", "fair", make("summary", "", t("reveal.fairAsk")), make("p", "", text));
}

/**
 * What can be focused in the drawings, in order.
 * @returns {HTMLElement[]}
 */
function controls(drawings) {
  return [...drawings.querySelectorAll("button, summary")];
}
