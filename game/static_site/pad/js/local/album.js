// The drawings that this browser keeps, and which of them one can race: `game/records/` for one player.

import { RULES } from "../rules.js";
import { recall, remember } from "../store.js";
import { sample } from "./deck.js";
import { id as newId } from "./ids.js";

const KEY = "doodle-race-album";
const MOST = 60; // drawings, a megabyte or so
const { recordedRounds } = RULES.race; // words in a race against a recorded player

class Album {
  hands = []; // recorded ones that come with the site
  #replays; // by id, oldest first

  constructor() {
    this.#replays = new Map(Object.entries(JSON.parse(recall(KEY) ?? "{}")));
  }

  /** Keep a replay; its id. */
  keep(replay) {
    const id = newId();
    this.#replays.set(id, replay);
    if (this.#replays.size > MOST) this.#replays.delete(this.#leastWorth());
    remember(KEY, JSON.stringify(Object.fromEntries(this.#replays)));
    return id;
  }

  /** The replay with this id; null if there is none, or none any more. */
  find(id) {
    return this.#replays.get(id) ?? null;
  }

  /** The replays of known words that a `ghost` message asks to race against; null if there are none. */
  ghost({ of, replay }, words) {
    const known = (list) => list.filter(({ word }) => words.includes(word));
    const own = known([...this.#bests().values()].map((id) => this.find(id)));
    const first = known([this.find(replay)].filter(Boolean));
    const asked = {
      best: () => some(own),
      hand: () => some(known(this.hands)),
      replay: () => first.concat(some(own.filter(({ word }) => word !== first[0]?.word))).slice(0, recordedRounds),
    };
    if (of === "replay" && first.length === 0) return null;
    const replays = asked[of]();
    return replays.length ? replays : null;
  }

  /** The number of known words of which there are own drawings. */
  bests(words) {
    return [...this.#bests().keys()].filter((word) => words.includes(word)).length;
  }

  /** The id of the best drawing of each word. */
  #bests() {
    const best = new Map();
    for (const [id, replay] of this.#replays) {
      const other = best.get(replay.word);
      if (!other || compare(replay, this.find(other)) < 0) best.set(replay.word, id);
    }
    return best;
  }

  #leastWorth() {
    const best = new Set(this.#bests().values());
    const ids = [...this.#replays.keys()];
    return ids.find((id) => !best.has(id)) ?? ids[0];
  }
}

export const album = new Album();

/** At most `recordedRounds` in any order, those that were guessed before others. */
function some(replays) {
  return sample(replays, replays.length, Math.random)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, recordedRounds);
}

/** Below zero when `a` is better than `b`: guessed sooner, or else seen more clearly. */
function compare(a, b) {
  const both = rank(a) - rank(b);
  return both || (rank(a) === 0 ? a.milliseconds - b.milliseconds : b.best - a.best);
}

function rank({ outcome }) {
  return outcome === "guessed" ? 0 : 1;
}
