// Two teams: their signs, and the sum of each one's points.

import { icon, make } from "./dom.js";
import { t } from "./strings.js";

const SIGNS = ["sun", "cloud"];

/** The sign of a seat's team, for eyes and, if `spoken`, for ears; null in a room without teams. */
export function teamMark(team, spoken = true) {
  if (team === null || team === undefined) return null;
  const mark = make("span", `team t${team}`, icon(SIGNS[team]));
  mark.title = teamName(team);
  if (spoken) mark.append(make("span", "spoken", teamName(team)));
  return mark;
}

/** The name of a team. */
export function teamName(team) {
  return t(`teams.${SIGNS[team]}`);
}

/** Show both teams' points in all lists of `places`, or hide them in a race without teams. */
export function showTeams(places, state) {
  const points = state.team_points ?? null;
  for (const place of places) {
    place.hidden = points === null;
    if (points !== null) place.replaceChildren(...points.map(score));
  }
}

/** The team that leads; null when none does, as with equal points. */
export function leader(state) {
  const points = state.team_points ?? null;
  if (points === null || points[0] === points[1]) return null;
  return points[0] > points[1] ? 0 : 1;
}

function score(points, team) {
  const number = make("b", "", t("number", { number: points }));
  return make("li", `t${team}`, icon(SIGNS[team]), make("span", "", teamName(team)), number);
}
