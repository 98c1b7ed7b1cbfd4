// What the laboratory found: a question a suite, its answer and its plot. `python -m benchmarks.figures` writes them.

import { address, get } from "./api.js";
import { make } from "./dom.js";
import { t } from "./strings.js";

const FOLDER = "pad/laboratory/";
const SOURCE = "en"; // the language of reports

export class Laboratory {
  #parts;
  #screens;

  /** `parts`: findings (a list) and says. */
  constructor(parts, screens) {
    this.#parts = parts;
    this.#screens = screens;
  }

  async open() {
    const { findings, says } = this.#parts;
    findings.replaceChildren();
    says.textContent = "";
    this.#screens.open("laboratory");
    const answers = await get(`${FOLDER}answers.json`).catch(() => null);
    says.textContent = t(answers === null ? "laboratory.failed" : "laboratory.how");
    findings.replaceChildren(...(answers ?? []).map(finding));
  }
}

function finding({ question, answer, arms, frame, plot }) {
  const picture = plot && make("img");
  if (plot) Object.assign(picture, { src: address(FOLDER + plot).href, alt: t("laboratory.plot"), loading: "lazy" });
  const item = make(
    "li",
    "",
    make("h2", "", question),
    make("p", "", answer),
    explained(arms),
    picture,
    make("p", "small", frame),
  );
  item.lang = SOURCE;
  return item;
}

/** What the compared ways of training are. */
function explained(arms) {
  const each = Object.entries(arms).flatMap(([name, description]) => [
    make("dt", "", name),
    make("dd", "", description),
  ]);
  return make("dl", "", ...each);
}
