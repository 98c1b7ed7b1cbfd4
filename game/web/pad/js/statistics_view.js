// Shows a player's own statistics: what is new after a game, what to try next, and a page of its own.

import { button, make } from "./dom.js";
import { boardTitle } from "./modes.js";
import { RULES } from "./rules.js";
import { byWord, counted, NOTHING, nextStep } from "./statistics.js";
import { recall, remember } from "./store.js";
import { noun, t } from "./strings.js";

const STORED = "doodle-race-statistics";

export class StatisticsView {
  #parts;
  #root;
  #screens;
  #go;

  /** `parts`: totals, words and says of the page, and `news`, the places for news; `go(name)` follows a suggestion. */
  constructor(parts, { root, screens }, go) {
    this.#parts = parts;
    this.#root = root;
    this.#screens = screens;
    this.#go = go;
  }

  open() {
    const { totals, words, says } = this.#parts;
    const statistics = stored();
    const rows = byWord(statistics);
    totals.replaceChildren(...sums(statistics, rows).map((text) => make("li", "", text)));
    words.replaceChildren(...rows.map(row));
    says.textContent = t(rows.length ? "statistics.where" : "statistics.empty");
    this.#screens.open("statistics");
  }

  /** Count a game that has just ended, and show what is new; what it says is returned, to be spoken. */
  count(game) {
    const date = today();
    const { after, news } = counted(stored(), { ...game, date, scored: RULES.modes[game.mode]?.ranked ?? false });
    remember(STORED, JSON.stringify(after));
    const next = nextStep(after, { mode: game.mode, date, offered: (name) => this.#offered(name) });
    const lines = news.map(textOf);
    for (const place of this.#parts.news) {
      const items = lines.map((line) => make("li", "", line));
      const step = next && button(stepText(next), () => this.#go(next), { symbol: "go", className: "plain" });
      place.replaceChildren(make("ul", "", ...items), step || "");
    }
    return lines.join(" ");
  }

  /** Whether the start page offers this act or mode. */
  #offered(name) {
    const found = this.#root.querySelector(`.home :is([data-act=${name}], [data-mode=${name}])`);
    return found !== null && !found.hidden;
  }
}

/** What is stored, or nothing when it can't be read. */
function stored() {
  try {
    return { ...NOTHING, ...JSON.parse(recall(STORED) ?? "{}") };
  } catch {
    return NOTHING;
  }
}

/** The player's own date, YYYY-MM-DD. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function stepText(name) {
  return name in RULES.modes ? t("next.mode", { title: boardTitle(name) }) : t(`next.${name}`);
}

function textOf(news) {
  return t(`news.${news.kind}`, {
    ...news,
    time: t("seconds", news),
    title: news.mode ? boardTitle(news.mode) : "",
  });
}

function sums({ modes, days }, rows) {
  const games = Object.values(modes).reduce((sum, mode) => sum + mode.games, 0);
  if (games === 0) return [];
  const guessed = rows.reduce((sum, word) => sum + word.guessed, 0);
  const scores = Object.entries(modes).filter(([mode, { best }]) => RULES.modes[mode]?.ranked && best > 0);
  return [
    t("statistics.games", { count: games }),
    t("statistics.guessed", { count: guessed }),
    ...(days > 1 ? [t("news.days", { count: days })] : []),
    ...scores.map(([mode, { best }]) => t("statistics.best", { title: boardTitle(mode), points: best })),
  ];
}

function row({ word, asked, guessed, best }) {
  return make(
    "li",
    "",
    make("b", "name", noun(word)),
    make("span", "score", t("statistics.of", { guessed, asked })),
    make("span", "time", best === null ? "" : t("seconds", { milliseconds: best })),
  );
}
