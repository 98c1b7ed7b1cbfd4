// The daily words: the rules, one's own rank today, and how long until the next.

import { get } from "./api.js";
import { key } from "./me.js";
import { t } from "./strings.js";

const HOUR = 3_600_000;

export class Daily {
  #parts;
  #screens;

  constructor(parts, screens) {
    this.#parts = parts;
    this.#screens = screens;
  }

  async open() {
    const { date, says, next, play } = this.#parts;
    for (const text of [date, next, says]) text.textContent = "";
    play.hidden = true;
    this.#screens.open("daily");
    const own = key();
    const info = await get("daily", {}, own ? { "x-player-key": own } : {}).catch(() => null);
    play.hidden = info === null || info.done;
    says.textContent = news(info);
    if (info === null) return;
    date.textContent = dateText(info.date);
    next.textContent = t("daily.next", { count: Math.ceil(info.left / HOUR) });
  }
}

/** The server's date (ISO 8601), whatever the device's clock says. */
function dateText(date) {
  return new Date(date).toLocaleDateString(document.documentElement.lang, { timeZone: "UTC", dateStyle: "full" });
}

function news(info) {
  if (info === null) return t("daily.failed");
  if (!info.done) return t("daily.text", info);
  return info.rank === null ? t("daily.doneToo") : t("daily.done", info);
}
