// The showdown: all published models guess the same drawing, and the first to have it is cheered.

import { make } from "./dom.js";
import { t } from "./strings.js";

export class ShowdownView {
  models = []; // names, the game's own first
  #parts;

  constructor(parts) {
    this.#parts = parts;
  }

  /** No drawing yet. */
  clear() {
    this.show(this.models.map((model) => ({ model, guesses: [], target: 0, guessed: null })));
  }

  /** Take a `showdown` message's models; what they think, in words. */
  show(models) {
    const times = models.map(({ guessed }) => guessed).filter((ms) => ms !== null);
    const first = times.length ? Math.min(...times) : null;
    this.#parts.root.style.setProperty("--models", models.length);
    this.#parts.list.replaceChildren(
      ...models.map((each) => row(each, each.guessed !== null && each.guessed === first)),
    );
    return models.map((each) => `${each.model}: ${thinks(each)}`).join(". ");
  }
}

function thinks({ guesses: [best] }) {
  if (!best) return t("showdown.waits");
  return t("showdown.thinks", { word: best.word, percent: Math.round(best.probability * 100) });
}

function row({ model, guesses, target, guessed }, first) {
  const time =
    guessed === null ? "" : `${t("seconds", { milliseconds: guessed })}${first ? ` ${t("showdown.first")}` : ""}`;
  const item = make(
    "li",
    guessed === null ? "" : "done",
    make("b", "", model),
    make("span", "thinks", thinks({ guesses })),
    make("i", "tube", make("i", "heat")),
    make("span", "when", time),
  );
  item.classList.toggle("first", first);
  item.style.setProperty("--heat", (guessed === null ? target : 1).toFixed(3));
  return item;
}
