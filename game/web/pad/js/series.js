// A series of races with common standings, as the podium shows it.

import { nameplate } from "./badge.js";
import { make } from "./dom.js";
import { t } from "./strings.js";

/** Whether the race that is over was the last one of a series. */
export function seriesOver(state) {
  return Boolean(state.series) && state.series.race >= state.series.races;
}

/** Whether more races of the series follow. */
export function seriesGoesOn(state) {
  return Boolean(state.series) && !seriesOver(state);
}

/** "Race 2 of 3"; empty for a single race. */
export function raceOf({ series }) {
  return series ? t("podium.series", series) : "";
}

/** Fill a list with the standings, from the second race of a series on and before its end. */
export function showStandings({ title, list }, state) {
  const shown = seriesGoesOn(state) && state.series.race > 1;
  title.textContent = raceOf(state);
  title.hidden = !state.series;
  list.hidden = !shown;
  list.replaceChildren(...(shown ? state.series.standings.map((standing) => rank(standing, state.you)) : []));
}

/** A line of a ranking: place, player and points; `you` is the own seat. */
export function rank({ place, seat, name, colour, badge = null, points, bot = false }, you) {
  const score = make("span", "score", t("points", { count: points }));
  const player = nameplate({ colour, badge, name, bot: bot || null });
  const item = make("li", `c${colour}`, make("span", "place", String(place)), player, score);
  item.classList.toggle("mine", seat === you);
  return item;
}
