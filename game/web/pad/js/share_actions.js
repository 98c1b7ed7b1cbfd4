// What one can do with a replay: race it, send it, save it, report it.

import { address } from "./api.js";
import { button, icon, make } from "./dom.js";
import { reporter } from "./report.js";
import { t } from "./strings.js";

/** The buttons and links for the replay of an id; `page`: as for `RaceView`. */
export function shareActions({ word }, id, { share, routes, connection, notes }) {
  const link = share.can
    ? button(t("share.send"), () => share.send("replay", id, t("share.replay", { word })), { symbol: "share" })
    : button(t("share.link"), () => share.copy("replay", id), { symbol: "link" });
  const ghost = button(t("replay.ghost"), () => routes.ghost("replay", id), { symbol: "ghost" });
  const picture = saved(`replays/${id}/card.png`, `${word}.png`, t("replay.card"), "picture");
  const film = saved(`replays/${id}/replay.gif`, `${word}.gif`, t("replay.film"), "film");
  return [ghost, link, picture, film, reporter(id, { connection, notes })];
}

/** A link that looks like a button and saves a file of the server's. */
function saved(path, name, text, symbol) {
  const anchor = make("a", "button", icon(symbol), make("span", "", text));
  anchor.href = address(path);
  anchor.download = name;
  return anchor;
}
