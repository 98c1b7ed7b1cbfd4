// The rules in JavaScript, driven by the events that drive Python's: `node drive.js FOLDER`, where FOLDER is the
// page's `js`. Each line of the input is `[function, arguments]`, each line of the output its result, as JSON.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

Object.defineProperty(crypto, "randomUUID", { value: undefined }); // as on a page over plain HTTP

const folder = pathToFileURL(`${process.argv[2]}/local/`);
const load = (name) => import(new URL(name, folder).href);
const { sample, wordOrder } = await load("deck.js");
const { risingBand } = await load("difficulty.js");
const { Race } = await load("race.js");
const { Game } = await load("modes.js");
const { rasterise } = await load("../raster.js");
const { round } = await load("rounding.js");
const scale = await load("../certainty.js");
const { Recorded, Runner } = await load("runner.js");
const { album } = await load("album.js");
const { RaceSession } = await load("race_session.js");

const FUNCTIONS = { bitmaps, rounded, deal, rising, certain, sampled, alone, raced, kept, racing };

function bitmaps(drawings) {
  return drawings.map((strokes) => [...rasterise(strokes)]);
}

function rounded(numbers) {
  return numbers.map(([x, digits]) => round(x, digits));
}

/** So many words of a deck that is dealt by the given chances. */
function deal(words, difficulty, chances, count) {
  const next = chances.values();
  const order = wordOrder(words, difficulty, () => next.next().value);
  return Array.from({ length: count }, () => order.next().value);
}

function rising(games) {
  return games.map(risingBand);
}

/** Certainty, voice and closeness of each pair of a probability and a threshold. */
function certain(pairs) {
  return pairs.map((pair) => [scale.certainty(...pair), scale.voice(...pair), scale.close(...pair)]);
}

function sampled(list, count, chances) {
  const next = chances.values();
  return sample(list, count, () => next.next().value);
}

/** Games alone: after each event what was answered, and how the game stands. */
function alone(games) {
  return games.map(({ mode, words, thresholds, bands, order, events }) => {
    const game = new Game(mode, { order: order.values(), words, thresholds, bands: new Map(Object.entries(bands)) }, 0);
    return played(events, {
      advance: (now) => game.advance(now),
      pad: (now, number) => {
        game.advance(now);
        return game.attempt?.round === number ? game.attempt : null;
      },
      takeFrame: (now) => {
        game.advance(now);
        return game.attempt?.takeFrame(now) ?? null;
      },
      judged: (frame, probabilities) => game.judged(frame, probabilities),
      skip: (now) => game.skip(now),
      standing: () => ({ ...standing(game), points: game.points, worth: game.worth, results: game.results.length }),
      last: () => [game.results.at(-1), game.attempts.at(-1).frames],
    });
  });
}

/** Races against a recorded player, in the same way. */
function raced(races) {
  return races.map(({ words, thresholds, order, replays, events }) => {
    const race = new Race([new Runner(0), new Recorded(1, replays)], { order, words, thresholds }, 0);
    return played(events, {
      advance: (now) => race.advance(now),
      pad: (now, number) => race.pad(number, now),
      takeFrame: (now) => race.takeFrame(now),
      judged: (frame, probabilities, now) => race.judged(frame, probabilities, now),
      skip: () => null,
      standing: (now) => ({
        ...standing(race),
        results: race.results.length,
        podium: race.podium.map(({ seat, points, milliseconds }) => [seat, points, milliseconds]),
        progress: race.stage === "countdown" ? [] : race.runners.map((runner) => runner.progress(now)),
      }),
      last: () => race.results.at(-1),
    });
  });
}

/** The replays' ids in the album, and what it finds under them. */
function kept(replays) {
  const ids = replays.map((replay) => album.keep(replay));
  return [ids, ids.map((id) => album.find(id))];
}

/** The codes of so many races against a recorded player. */
function racing(replays, count) {
  const site = { words: replays.map(({ word }) => word), thresholds: {} };
  const person = () => ({ name: "Ada", colour: 0, badge: null });
  const codes = [];
  const say = ({ type, code }) => type === "race" && codes.push(code);
  for (let i = 0; i < count; i += 1) new RaceSession({ site, person, say, now: () => 0 }, replays).leave();
  return codes;
}

function standing({ stage, deadline, total, round }) {
  return { stage, deadline, total, round };
}

function played(events, game) {
  /** @type {any} */
  let frame = null;
  let results = 0;
  return events.map(([kind, now, number, what]) => {
    let answer = null;
    try {
      if (kind === "advance") game.advance(now);
      else if (kind === "skip") game.skip(now);
      else if (kind === "take_frame") {
        frame = game.takeFrame(now);
        answer = frame?.points ?? null;
      } else if (kind === "judged") {
        if (frame) answer = game.judged(frame, what, now);
      } else {
        const attempt = game.pad(now, number);
        if (attempt && kind === "ink") attempt.draw(what, now);
        else if (attempt) attempt[kind]();
        answer = attempt && [attempt.sheet.points, attempt.blank];
      }
    } catch (/** @type {any} */ error) {
      if (!error.code) throw error;
      answer = error.code;
    }
    const stands = game.standing(now);
    const news = stands.results > results;
    results = stands.results;
    return structuredClone([answer, stands, news ? game.last() : null]);
  });
}

for await (const request of createInterface({ input: process.stdin })) {
  const [name, args] = JSON.parse(request);
  process.stdout.write(`${JSON.stringify(FUNCTIONS[name](...args))}\n`);
}
