// The guesser: turns the server's guesses into a mood, a line of speech and the thermometer, all on one scale.

import { certainty, close, voice } from "./certainty.js";
import { Face } from "./face.js";
import { RULES } from "./rules.js";
import { noun, t } from "./strings.js";

const { flag: FLAG, hot: HOT, closeHeld: CLOSE_HELD } = RULES.certainty;
// Stands in for the threshold of a word that the model does not play, as in a replay of another model's game. It only
// scales what is shown, and decides nothing; so it is not one of the rules.
const USUAL = 0.9;
const WORTH_SAYING = 0.04;
const SPOKEN_EVERY = 1000; // ms between announcements to screen readers

export class Guesser {
  /** Of each word the model plays: the probability from which a guess of it wins. */
  thresholds = {};
  #speech;
  #thermo;
  #five;
  #spoken;
  #told;
  #spokenAt = 0;
  #next = 0;
  #encourage = 0; // timer, while the guess is close to a win

  constructor({ face, speech, thermo, five, spoken, told }) {
    this.face = new Face(face);
    this.#speech = speech;
    this.#thermo = thermo;
    this.#five = five;
    this.#spoken = spoken;
    this.#told = told;
  }

  /** The probability from which a guess of the word wins; of words that the model does not play, a usual one. */
  threshold(word) {
    return this.thresholds[word] ?? USUAL;
  }

  /** Say a line with a mood. */
  say(text, mood = "waiting") {
    this.#away();
    this.#speech.textContent = text;
    this.face.feel(mood);
  }

  /** Fully sure: the drawing was guessed. */
  boil() {
    this.#heat(1);
  }

  /** A blank sheet: watch, and cool down. */
  wait(text = t("watching")) {
    this.say(text);
    this.#heat(0);
    this.#list([]);
    this.#hush();
  }

  /** Take a `guess` message about the drawing; `word` is the one asked for, null in free drawing. */
  hear({ guesses, target, hold, frame }, word) {
    this.#speech.dataset.frame = frame;
    if (guesses.length === 0) {
      this.wait();
      return;
    }
    const [best] = guesses;
    const right = best.word === word;
    const goal = this.threshold(word ?? best.word);
    const hot = right || certainty(word === null ? best.probability : target, goal) >= HOT;
    if (right && hold !== 1 && close(target, goal)) this.#nearly(guesses);
    else this.say(this.#line(guesses, hold === 1), hot ? "hot" : "unsure");
    this.#heat(target, goal);
    this.#list(word === null ? guesses : []);
    this.announce(t("spoken", { word: best.word, percent: Math.round(best.probability * 100) }));
  }

  /** Tell screen readers, politely and at most once a second; only the latest news counts. */
  announce(text) {
    clearTimeout(this.#next);
    const wait = Math.max(this.#spokenAt + SPOKEN_EVERY - performance.now(), 0);
    this.#next = setTimeout(() => {
      this.#spokenAt = performance.now();
      if (this.#spoken.textContent !== text) this.#spoken.textContent = text;
    }, wait);
  }

  /** The word is the first guess and close to a win: after a while of that, ask for more. */
  #nearly(guesses) {
    if (this.#encourage === 0) {
      this.say(this.#line(guesses, false), "hot");
      this.#encourage = setTimeout(() => {
        this.#encourage = -1;
        this.#speech.textContent = t("almost");
        this.announce(t("almost"));
      }, CLOSE_HELD);
    } else if (this.#encourage > 0) {
      this.#speech.textContent = this.#line(guesses, false);
    }
  }

  /** The guess is not close to a win, or won. */
  #away() {
    clearTimeout(this.#encourage);
    this.#encourage = 0;
  }

  /**
   * Tell screen readers at once what must not be missed: the word, a result, the end of a game. Guesses have a region
   * of their own, so none of them takes its place. A repeated text differs by a space, else it would not be read.
   */
  tell(text) {
    this.#hush();
    this.#told.textContent = this.#told.textContent === text ? `${text}\u00a0` : text;
  }

  #hush() {
    clearTimeout(this.#next);
  }

  #line(guesses, sure) {
    const [first, second] = guesses;
    const how = sure ? "certain" : voice(first.probability, this.threshold(first.word));
    if (how === "certain") return t("sure", first);
    const more = second && second.probability >= WORTH_SAYING;
    const words = more ? [second, first] : [first]; // it talks itself towards its best guess
    const line = words.map((guess) => t("guess", guess)).join(t("ellipsis"));
    return how === "doubtful" ? t("hmm") + line : line;
  }

  #heat(share, goal = USUAL) {
    this.#thermo.style.setProperty("--heat", certainty(share, goal).toFixed(3));
    this.#thermo.style.setProperty("--goal", FLAG.toFixed(3));
    this.#thermo.classList.toggle("boiling", share >= goal);
    this.#thermo.setAttribute("aria-label", t("thermo", { percent: Math.round(share * 100) }));
  }

  #list(guesses) {
    const rows = guesses.map(({ word, probability }) => row(word, probability));
    this.#five.replaceChildren(...rows);
  }
}

function row(word, probability) {
  const item = document.createElement("li");
  const percent = t("precise", { percent: probability * 100 });
  for (const [name, text] of [
    ["name", noun(word)],
    ["bar", ""],
    ["percent", percent],
  ]) {
    const part = item.appendChild(document.createElement("span"));
    part.className = name;
    part.textContent = text;
  }
  item.style.setProperty("--share", probability.toFixed(3));
  return item;
}
