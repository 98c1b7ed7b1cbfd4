// The order in which words are asked: random, with easy and hard words dealt evenly. Twin of `game/rules/deck.py`.

import { BANDS, bandsOf } from "./difficulty.js";

/**
 * An endless sequence of words from a `Deck`; `band()` is called before each one and returns its band.
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
   * Draw the next word: of the wanted band, or of the nearest band that has words left. Null takes the bands in turn:
   * every three words hold an easy, a middling and a hard one.
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

/** `count` items of a list, in random order. */
export function sample(list, count, random) {
  const rest = [...list];
  for (let i = 0; i < count; i += 1) {
    const chosen = i + Math.floor(random() * (rest.length - i));
    [rest[i], rest[chosen]] = [rest[chosen], rest[i]];
  }
  return rest.slice(0, count);
}
