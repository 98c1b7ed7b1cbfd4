// In which order words are asked for: by chance, but easy and hard ones dealt evenly. Twin of `game/rules/deck.py`.

import { RULES } from "../rules.js";

const { bands: BANDS } = RULES.deck; // easy, middling, hard

/** Words without end: none again before all were asked for, and never the same twice running. */
export function* wordOrder(words, difficulty, random = Math.random) {
  let last = null;
  for (;;) {
    const order = balanced(words, difficulty, random);
    if (order[0] === last) order.push(order.shift());
    yield* order;
    last = order.at(-1);
  }
}

/** Each word once; of the first three, the next three and so on, one is of each third. */
export function balanced(words, difficulty, random) {
  const known = words.filter((word) => word in difficulty).map((word) => difficulty[word]);
  const middle = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
  const hard = (word) => difficulty[word] ?? middle;
  const ordered = sample(words, words.length, random).sort((a, b) => hard(a) - hard(b));
  const edges = Array.from({ length: BANDS + 1 }, (_, k) => Math.floor((k * words.length) / BANDS));
  const bands = edges.slice(1).map((end, k) => sample(ordered.slice(edges[k], end), end - edges[k], random));
  const dealt = [];
  while (dealt.length < words.length) {
    const hand = bands.filter((band) => band.length).map((band) => band.pop());
    dealt.push(...sample(hand, hand.length, random));
  }
  return dealt;
}

/** So many of a list, in any order. */
export function sample(list, count, random) {
  const rest = [...list];
  for (let i = 0; i < count; i += 1) {
    const chosen = i + Math.floor(random() * (rest.length - i));
    [rest[i], rest[chosen]] = [rest[chosen], rest[i]];
  }
  return rest.slice(0, count);
}
