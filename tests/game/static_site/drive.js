// What the tests run in the browser: our rules in JavaScript, driven by the events that drive Python's.

import { sample, wordOrder } from "/game/static_site/pad/js/local/deck.js";
import { Contest } from "/game/static_site/pad/js/local/contest.js";
import { Game } from "/game/static_site/pad/js/local/modes.js";
import { rasterise } from "/game/static_site/pad/js/local/raster.js";
import { round } from "/game/static_site/pad/js/local/rounding.js";
import { Recorded, Runner } from "/game/static_site/pad/js/local/runner.js";

export function bitmaps(drawings) {
  return drawings.map((strokes) => [...rasterise(strokes)]);
}

export function rounded(numbers) {
  return numbers.map(([x, digits]) => round(x, digits));
}

/** So many words of a deck that is dealt by the given chances. */
export function deal(words, difficulty, chances, count) {
  const next = chances.values();
  const order = wordOrder(words, difficulty, () => next.next().value);
  return Array.from({ length: count }, () => order.next().value);
}

export function sampled(list, count, chances) {
  const next = chances.values();
  return sample(list, count, () => next.next().value);
}

/** Games alone: after each event what was answered, and how the game stands. */
export function alone(games) {
  return games.map(({ mode, words, threshold, order, events }) => {
    const game = new Game(mode, { order: order.values(), words, threshold }, 0);
    return played(events, {
      advance: (now) => game.advance(now),
      pad: (now, number) => {
        game.advance(now);
        return game.turn?.round === number ? game.turn : null;
      },
      look: (now) => {
        game.advance(now);
        return game.turn?.look(now) ?? null;
      },
      judged: (frame, probabilities) => game.judged(frame, probabilities),
      skip: (now) => game.skip(now),
      standing: () => ({
        ...course(game),
        points: game.points,
        results: game.results.length,
      }),
      last: () => [game.results.at(-1), game.turns.at(-1).looks],
    });
  });
}

/** Races against a recorded player, in the same way. */
export function raced(races) {
  return races.map(({ words, threshold, order, replays, events }) => {
    const race = new Contest([new Runner(0), new Recorded(1, replays)], { order, words, threshold }, 0);
    return played(events, {
      advance: (now) => race.advance(now),
      pad: (now, number) => race.pad(number, now),
      look: (now) => race.look(now),
      judged: (frame, probabilities, now) => race.judged(frame, probabilities, now),
      skip: () => null,
      standing: (now) => ({
        ...course(race),
        results: race.results.length,
        podium: race.podium.map(({ seat, points, milliseconds }) => [seat, points, milliseconds]),
        progress: race.stage === "countdown" ? [] : race.runners.map((runner) => runner.progress(now)),
      }),
      last: () => race.results.at(-1),
    });
  });
}

function course({ stage, deadline, total, round }) {
  return { stage, deadline, total, round };
}

function played(events, game) {
  let frame = null;
  let results = 0;
  return events.map(([kind, now, number, what]) => {
    let answer = null;
    try {
      if (kind === "advance") game.advance(now);
      else if (kind === "skip") game.skip(now);
      else if (kind === "look") {
        frame = game.look(now);
        answer = frame && frame.points;
      } else if (kind === "judged") {
        if (frame) answer = game.judged(frame, what, now);
      } else {
        const turn = game.pad(now, number);
        if (turn && kind === "ink") turn.draw(what, now);
        else if (turn) turn[kind]();
        answer = turn && [turn.sheet.points, turn.blank];
      }
    } catch (error) {
      answer = error.code ?? "out_of_place";
      if (!error.code && error.constructor.name !== "OutOfPlace") throw error;
    }
    const standing = game.standing(now);
    const news = standing.results > results;
    results = standing.results;
    return structuredClone([answer, standing, news ? game.last() : null]);
  });
}
