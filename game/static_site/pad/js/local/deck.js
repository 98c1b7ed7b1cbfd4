// In which order words are asked for: by chance, but easy and hard ones dealt evenly. Twin of `game/rules/deck.py`.

import { RULES } from "../rules.js";

const { bands: BANDS, warmUp: WARM_UP, streak: STREAK } = RULES.deck; // bands: easy, middling, hard

/**
 * Words without end from a `Deck`; `band()` is asked before each one how hard it shall be.
 * @param {() => number | null} band
 */
export function* wordOrder(words, difficulty, random = Math.random, band = () => null) {
  const deck = new Deck(words, difficulty, random);
  for (;;) yield deck.draw(band());
}

/** The words of a game, one at a time: none again while others are left. */
export class Deck {
  #bands; // word → band
  #random;
  #drawn = new Set(); // the latest last
  #hand = [];

  constructor(words, difficulty, random) {
    this.#bands = bandsOf(words, difficulty);
    this.#random = random;
  }

  /**
   * The next word: of a band where one is left; of null, easy, middling and hard ones in equal parts.
   * @param {number | null} band
   */
  draw(band = null) {
    const wanted = band ?? this.#nextOfHand();
    const fresh = [...this.#bands.keys()].filter((word) => !this.#drawn.has(word));
    const left = fresh.length ? fresh : [...this.#drawn].slice(0, Math.max(Math.floor(this.#drawn.size / 2), 1));
    const off = (word) => Math.abs(this.#bands.get(word) - wanted);
    const nearest = Math.min(...left.map(off));
    const options = left.filter((word) => off(word) === nearest);
    const word = options[Math.floor(this.#random() * options.length)];
    this.#drawn.delete(word);
    this.#drawn.add(word);
    return word;
  }

  #nextOfHand() {
    if (this.#hand.length === 0) this.#hand = sample([...Array(BANDS).keys()], BANDS, this.#random);
    return this.#hand.pop();
  }
}

/** The band of each word, by thirds of the order of difficulty. Twin of `game/rules/difficulty.py`. */
export function bandsOf(words, difficulty) {
  const known = words.filter((word) => word in difficulty).map((word) => difficulty[word]);
  const middle = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
  const hard = (word) => difficulty[word] ?? middle;
  const ordered = [...words].sort((a, b) => hard(a) - hard(b));
  return new Map(ordered.map((word, rank) => [word, Math.floor((rank * BANDS) / words.length)]));
}

/** The band of a game of one clock: easy words first, then a band harder with each streak of guessed ones. */
export function risingBand(outcomes) {
  const streak = outcomes.length - 1 - outcomes.findLastIndex((outcome) => outcome !== "guessed");
  return outcomes.length < WARM_UP ? 0 : Math.min(Math.floor(streak / STREAK), BANDS - 1);
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
