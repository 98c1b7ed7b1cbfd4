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

  /** Keep a replay; its id. */
  keep(replay) {
    const id = newId();
    const replays = stored().set(id, replay);
    if (replays.size > MOST) replays.delete(leastWorth(replays));
    remember(KEY, JSON.stringify(Object.fromEntries(replays)));
    return id;
  }

  /** The replay with this id; null if there is none, or none any more. */
  find(id) {
    return stored().get(id) ?? null;
  }

  /** The replays of known words that a `ghost` message asks to race against; null if there are none. */
  ghost({ of, replay }, words) {
    const known = (list) => list.filter(({ word }) => words.includes(word));
    const replays = stored();
    const own = known([...bests(replays).values()].map((id) => replays.get(id)));
    const first = known([replays.get(replay)].filter(Boolean));
    const asked = {
      best: () => some(own),
      hand: () => some(known(this.hands)),
      replay: () => first.concat(some(own.filter(({ word }) => word !== first[0]?.word))).slice(0, recordedRounds),
    };
    if (of === "replay" && first.length === 0) return null;
    const chosen = asked[of]();
    return chosen.length ? chosen : null;
  }

  /** The number of known words of which there are own drawings. */
  bests(words) {
    return [...bests(stored()).keys()].filter((word) => words.includes(word)).length;
  }
}

export const album = new Album();

/**
 * The replays by id, oldest first: read each time, for another tab may have kept or deleted some meanwhile.
 * @returns {Map<string, any>}
 */
function stored() {
  try {
    const entries = Object.entries(JSON.parse(recall(KEY) ?? "{}") ?? {});
    return new Map(entries.filter(([, replay]) => replay?.word).map(([id, replay]) => [id, renewed(replay)]));
  } catch {
    return new Map(); // what is there was not written here
  }
}

/** A replay as this version keeps it: earlier versions called its frames `looks`. */
function renewed({ looks, ...replay }) {
  return { frames: looks, ...replay };
}

/** The id of the best drawing of each word. */
function bests(replays) {
  const best = new Map();
  for (const [id, replay] of replays) {
    const other = best.get(replay.word);
    if (!other || compare(replay, replays.get(other)) < 0) best.set(replay.word, id);
  }
  return best;
}

function leastWorth(replays) {
  const best = new Set(bests(replays).values());
  const ids = [...replays.keys()];
  return ids.find((id) => !best.has(id)) ?? ids[0];
}

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
