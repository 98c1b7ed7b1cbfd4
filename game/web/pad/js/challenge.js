// The page of a challenge link: the challenger, the result to beat, and the button that accepts.

import { get } from "./api.js";
import { badge } from "./badge.js";
import { t } from "./strings.js";

export class ChallengePage {
  #parts;
  #screens;
  #id = null;

  /**
   * `accept(id)` begins the race; `gone` is called when there is no such challenge, `unanswered` with what asks again
   * when nobody knows.
   */
  constructor(parts, screens, { accept, gone, unanswered }) {
    this.#parts = parts;
    this.#screens = screens;
    this.gone = gone;
    this.unanswered = unanswered;
    parts.accept.addEventListener("click", () => accept(this.#id));
  }

  async open(id) {
    const info = await get(`challenges/${encodeURIComponent(id)}`).catch(() => undefined);
    if (info === undefined) return this.unanswered(() => this.open(id));
    if (info === null) return this.gone();
    const { title, text, who } = this.#parts;
    this.#id = id;
    title.textContent = t("challenge.title", info);
    text.textContent = t("challenge.text", {
      ...info,
      points: t("points", { count: info.points }),
      time: t("seconds", info),
    });
    who.replaceChildren(badge({ colour: info.colour }));
    return this.#screens.open("challenge", id);
  }
}
