// The boards: the best of today, this week and all time, by game and by word.

import { get } from "./api.js";
import { nameplate } from "./badge.js";
import { button, make } from "./dom.js";
import { boardTitle, FIRST } from "./modes.js";
import { RULES } from "./rules.js";
import { noun, t } from "./strings.js";

export class Boards {
  /** @type {string[]} */
  #words = [];
  #parts;
  #screens;
  #watch;
  #asked = 0;
  #replays = new Set(); // of the rows shown

  /** `watch(replay)` shows a replay. */
  constructor(parts, screens, watch) {
    this.#parts = parts;
    this.#screens = screens;
    this.#watch = watch;
    parts.of.addEventListener("change", () => this.#fetch());
    for (const radio of parts.periods) radio.addEventListener("change", () => this.#fetch());
  }

  /** The words that the model knows; they may arrive when the boards are open already. */
  set words(words) {
    this.#words = words;
    if (this.#screens.own === "boards") this.#offer(this.#parts.of.value);
  }

  /** Open the board of a mode. */
  open(mode = FIRST) {
    this.#offer(`mode:${mode}`);
    this.#screens.open("boards");
    this.#fetch();
  }

  /** Offer a board for each mode and each word; `chosen` is the value of the one that is shown. */
  #offer(chosen) {
    const modes = RULES.boards.map((name) => option(`mode:${name}`, boardTitle(name)));
    const words = [
      option("every:", t("boards.every")),
      ...this.#words.map((word) => option(`word:${word}`, noun(word))),
    ];
    this.#parts.of.replaceChildren(group(t("boards.modes"), modes), group(t("boards.words"), words));
    this.#parts.of.value = chosen;
  }

  /** A drawing was reported: whatever it was the way to, the board is another now. */
  hide(replay) {
    if (this.#screens.own === "boards" && this.#replays.has(replay)) this.#fetch();
  }

  async #fetch() {
    this.#asked += 1;
    const asked = this.#asked;
    const [kind, name] = this.#parts.of.value.split(/:(.*)/s);
    const span = this.#parts.periods.find((radio) => radio.checked).value;
    this.#say(t("boards.loading"));
    const board = await get("boards", { span, [kind]: name }).catch(() => null);
    if (asked === this.#asked) this.#show(board, kind);
  }

  /** `kind`: mode, word, or every for the best of each word. */
  #show(board, kind) {
    const rows = board?.rows ?? [];
    this.#replays = new Set(rows.map(({ replay }) => replay));
    this.#parts.ranks.replaceChildren(...rows.map((row) => this.#row(row, kind)));
    if (board === null) this.#say(t("boards.failed"));
    else this.#say(rows.length ? t("boards.count", { count: rows.length }) : t("boards.empty"), rows.length > 0);
  }

  #row({ place, name, colour, points, milliseconds, replay, word }, kind) {
    const seconds = make("span", "time", t("seconds", { milliseconds }));
    const score = { mode: t("points", { count: points }), word: null, every: word && noun(word) }[kind];
    const item = make(
      "li",
      kind === "every" ? "" : `top-${place}`,
      make("b", "place", kind === "every" ? "" : String(place)),
      nameplate({ colour, name }),
      score === null ? null : make("span", "score", score),
      seconds,
    );
    const label = t("replay.by", { name });
    if (replay) item.append(button("", () => this.#watch(replay), { symbol: "play", className: "plain", label }));
    return item;
  }

  #say(text, quiet = false) {
    this.#parts.says.textContent = text;
    this.#parts.says.classList.toggle("spoken", quiet);
  }
}

function option(value, text) {
  return new Option(text, value);
}

function group(label, options) {
  const element = make("optgroup", "", ...options);
  element.label = label;
  return element;
}
