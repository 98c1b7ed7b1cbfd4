// Sounds made in the browser, silent until asked for: a tick, a pop, a fanfare, a bell.

import { recall, remember } from "./store.js";

const KEY = "doodle-race-sound";
/** @type {Record<string, [pitch: number, after: number, length: number, shape?: OscillatorType, loud?: number][]>} */
const NOTES = {
  tick: [[660, 0, 0.05, "square", 0.05]],
  go: [[990, 0, 0.16, "square", 0.06]],
  got: [
    [523, 0, 0.1],
    [659, 0.07, 0.1],
    [784, 0.14, 0.1],
    [1047, 0.21, 0.24],
  ],
  skip: [
    [330, 0, 0.08],
    [247, 0.08, 0.12],
  ],
  bell: [
    [196, 0, 0.5],
    [294, 0, 0.4],
  ],
  over: [
    [392, 0, 0.12],
    [523, 0.12, 0.12],
    [659, 0.24, 0.3],
  ],
};

export class Sound {
  #button;
  /** @type {AudioContext | null} */
  #context = null;

  constructor(button) {
    this.#button = button;
    this.#set(recall(KEY) === "on");
  }

  get on() {
    return this.#button.getAttribute("aria-pressed") === "true";
  }

  toggle() {
    this.#set(!this.on);
    remember(KEY, this.on ? "on" : "off");
    this.play("tick");
  }

  /** Play one of the sounds named above, if sound is on. */
  play(name) {
    if (!this.on) return;
    this.#context ??= new AudioContext();
    this.#context.resume();
    for (const [pitch, after, length, shape, loud] of NOTES[name])
      this.#note(this.#context, pitch, after, length, shape, loud);
  }

  /**
   * @param {AudioContext} context
   * @param {number} pitch
   * @param {number} after
   * @param {number} length
   * @param {OscillatorType} shape
   */
  #note(context, pitch, after, length, shape = "triangle", loud = 0.16) {
    const start = context.currentTime + after;
    const volume = new GainNode(context, { gain: 0 });
    const voice = new OscillatorNode(context, { frequency: pitch, type: shape });
    volume.gain.setValueAtTime(loud, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + length);
    voice.connect(volume).connect(context.destination);
    voice.start(start);
    voice.stop(start + length);
  }

  #set(on) {
    this.#button.setAttribute("aria-pressed", String(on));
  }
}
