// Shapes that the scripts share, for the type checker. Messages: see `game/messages/`, of which these are the parts used.

/** Strokes as they travel: `[[x...], [y...], [t...]]` each, in pad units and milliseconds. */
type Strokes = number[][][];

/** One judged frame: its number, ms since the round began, the word's probability, the best guess. */
type JudgedFrame = [number, number, number, string];

interface Replay {
  word: string;
  outcome: "guessed" | "bell" | "skipped";
  milliseconds: number;
  frame: number;
  best: number;
  points: number;
  strokes: Strokes;
  frames: JudgedFrame[];
  name: string;
  colour: number;
}

interface Seat {
  seat: number;
  name: string;
  colour: number;
  badge?: string | null;
  host: boolean;
  connected: boolean;
  ready: boolean;
  ghost: boolean;
  bot?: "easy" | "medium" | "strong" | null;
  joins: boolean;
  delay: number | null;
  points: number;
  milliseconds: number | null;
}

/** What the server made of a host's list of words. */
interface OwnWordsRead {
  words: string[];
  refused: { typed: string; nearest: string | null }[];
  used: boolean;
}

/** What an address of the page asks for: its kind and value. */
type Asked = [kind: string, value: string];

/** A pad that the judge can be asked to judge. */
interface JudgedPad {
  takeFrame(): { strokes: Strokes } | null;
  judged(frame: object, row: number[]): void;
}

/** onnxruntime-web, which the static site fetches when it is written. */
declare module "*judge/ort.js" {
  export const env: { wasm: { numThreads: number; wasmBinary: Uint8Array } };
  export class Tensor {
    constructor(type: string, data: Uint8Array, shape: number[]);
  }
  export interface InferenceSession {
    inputNames: string[];
    outputNames: string[];
    run(inputs: Record<string, Tensor>): Promise<Record<string, { data: Float32Array }>>;
  }
  export const InferenceSession: {
    create(graph: Uint8Array, options: { executionProviders: string[] }): Promise<InferenceSession>;
  };
}
