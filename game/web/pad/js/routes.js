// The routes into races and to the pages beside them: what a button asks for, and what an address does.

import { asked } from "./links.js";
import { person } from "./me.js";

export class Routes {
  code = null; // of the room last asked for
  acts;
  #connection;
  #pages;

  /** `pages`: meet, boards, daily, statistics, laboratory, privacy, challenge, replays and badgeSheet, each with `open`. */
  constructor(connection, pages) {
    this.#connection = connection;
    this.#pages = pages;
    this.acts = {
      meet: () => this.#meet(),
      badge: () => pages.badgeSheet.open(),
      boards: () => pages.boards.open(),
      daily: () => pages.daily.open(),
      statistics: () => pages.statistics.open(),
      laboratory: () => pages.laboratory.open(),
      privacy: () => pages.privacy.open(),
      "daily-board": () => pages.boards.open("daily"),
      "open-room": () => this.#ask({ type: "open" }),
      quick: () => this.#ask({ type: "quick" }),
      "ghost-best": () => this.ghost("best"),
      "ghost-hand": () => this.ghost("hand"),
      "play-daily": () => this.#ask({ type: "daily" }),
      "watch-room": () => this.join(this.code, true),
    };
  }

  join(code, watch = false) {
    this.code = code;
    this.#ask({ type: "join", code, watch });
  }

  ghost(of, replay = null) {
    this.#ask({ type: "ghost", of, replay });
  }

  challenge(id) {
    this.#ask({ type: "challenge", id });
  }

  /** Go where the page's address asks, unless already at the table of the room `code`. */
  arrive(code) {
    const [kind, value] = asked() ?? ["", ""];
    const { challenge, replays, daily } = this.#pages;
    if (["room", "watch"].includes(kind)) {
      if (code?.toUpperCase() !== value.toUpperCase()) this.join(value, kind === "watch");
    } else if (code) return;
    else if (kind === "challenge") challenge.open(value);
    else if (kind === "replay") replays.open(value);
    else if (kind === "daily") daily.open();
  }

  #meet() {
    this.#pages.badgeSheet.show();
    this.#pages.meet.open();
  }

  #ask(message) {
    this.#connection.ask({ ...message, ...person() });
  }
}
