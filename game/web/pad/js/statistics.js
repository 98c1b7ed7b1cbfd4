// A player's own statistics: words, scores, days in a row, and what to try next. Pure: nothing here is stored or shown.

/**
 * @typedef {{ asked: number, guessed: number, best: number | null }} OfWord best: ms of the quickest guess
 * @typedef {{ games: number, best: number, last: string }} OfMode best: points; last: date of the last game
 * @typedef {{ words: Record<string, OfWord>, modes: Record<string, OfMode>, day: string, days: number }} Statistics
 * @typedef {{ kind: "word", word: string, milliseconds: number } | { kind: "score", mode: string, points: number } |
 *   { kind: "days", count: number }} News
 * @typedef {{ mode: string, points: number, scored: boolean, date: string, results: any[] }} Game
 *   scored: whether points of two games can be compared; date: the player's, YYYY-MM-DD
 */

import { RULES } from "./rules.js";

const DAY = 86_400_000; // ms
const RACES = ["room", "quick", "ghost", "challenge"];
const NO_GAME = { games: 0, best: 0, last: "" };

/** Before the first game. @type {Statistics} */
export const NOTHING = { words: {}, modes: {}, day: "", days: 0 };

/**
 * The statistics after a game, and what is new in it: the best-improved word, a best score, days in a row.
 * @param {Statistics} before
 * @param {Game} game
 * @returns {{ after: Statistics, news: News[] }}
 */
export function counted(before, { mode, points, scored, date, results }) {
  const words = { ...before.words };
  for (const { word, outcome, milliseconds } of results) {
    const { asked, guessed, best } = words[word] ?? { asked: 0, guessed: 0, best: null };
    const quicker = outcome === "guessed" && milliseconds < (best ?? Number.POSITIVE_INFINITY);
    words[word] = {
      asked: asked + 1,
      guessed: guessed + (outcome === "guessed" ? 1 : 0),
      best: quicker ? milliseconds : best,
    };
  }
  const old = before.modes[mode] ?? NO_GAME;
  const now = { games: old.games + 1, best: Math.max(old.best, points), last: date };
  const next = new Date(Date.parse(before.day) + DAY).getTime() === Date.parse(date);
  const days = before.day === date ? before.days : next ? before.days + 1 : 1;
  const after = { words, modes: { ...before.modes, [mode]: now }, day: date, days };
  return {
    after,
    news: [...(scored ? scoreNews(old, points, mode) : []), ...wordNews(before, after), ...dayNews(before, days)],
  };
}

/**
 * What to try next: the name of an act or a mode that is offered and was not just played; null when there is none.
 * @param {Statistics} statistics
 * @param {{ mode: string, date: string, offered: (name: string) => boolean }} now mode: the one just played
 */
export function nextStep({ modes }, { mode, date, offered }) {
  const raced = RACES.some((name) => name in modes);
  const wanted = [
    ["meet", !raced],
    ["daily", modes.daily?.last !== date],
    ...suggested("unplayed").map((name) => [name, !(name in modes)]),
    ["meet", !RACES.includes(mode)],
    ...suggested("always").map((name) => [name, true]),
  ];
  return wanted.find(([name, sensible]) => sensible && name !== mode && offered(String(name)))?.[0] ?? null;
}

/** The modes that the rules suggest at that time. @returns {string[]} */
function suggested(when) {
  return Object.keys(RULES.modes).filter((mode) => RULES.modes[mode].suggested === when);
}

/** The words that were asked, those guessed most often first. @param {Statistics} statistics */
export function byWord({ words }) {
  const rows = Object.entries(words).map(([word, counts]) => ({ word, ...counts }));
  return rows.sort((a, b) => b.guessed - a.guessed || a.asked - b.asked || (a.best ?? 0) - (b.best ?? 0));
}

/** A best score is news when there was another before. @returns {News[]} */
function scoreNews(old, points, mode) {
  return old.games > 0 && points > old.best ? [{ kind: "score", mode, points }] : [];
}

/** The word whose best time improved most. @returns {News[]} */
function wordNews(before, after) {
  const gain = (word) => (before.words[word].best ?? 0) - (after.words[word].best ?? 0);
  const better = Object.keys(before.words).filter((word) => gain(word) > 0);
  const [word] = better.sort((a, b) => gain(b) - gain(a));
  return word ? [{ kind: "word", word, milliseconds: after.words[word].best }] : [];
}

/** @returns {News[]} */
function dayNews(before, days) {
  return days > 1 && days !== before.days ? [{ kind: "days", count: days }] : [];
}
