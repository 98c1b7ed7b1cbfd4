// The network in a thread of its own: strokes in, calibrated probabilities out. Twin of `models/classifier.py`.

import { env, InferenceSession, Tensor } from "../../../judge/ort.js";
import { rasterise, SIDE } from "../raster.js";

const FOLDER = new URL("../../../judge/", import.meta.url);
const TELL_EVERY = 100; // ms between two tellings of how much has come

/** @type {import("../../../judge/ort.js").InferenceSession | null} */
let session = null;
let temperature = 1;
/** @type {number[]} */
let columns = []; // of the words that the game asks for, among the network's outputs

addEventListener("message", async ({ data }) => postMessage(await answers[data.type](data)));

const answers = {
  async load({ temperature: given, columns: asked, files }) {
    [temperature, columns] = [given, asked];
    try {
      const [engine, graph] = await fetched(["ort.bin", "model.onnx"], files);
      env.wasm.numThreads = 1; // more need headers that a plain host does not send
      env.wasm.wasmBinary = await unpacked(engine);
      session = await InferenceSession.create(graph, { executionProviders: ["wasm"] });
      await probabilities([]); // so that the first drawing does not wait for one-time set-up
      return { type: "ready" };
    } catch (error) {
      return { type: "failed", text: String(error) };
    }
  },

  async judge({ strokes }) {
    try {
      return { type: "row", row: await probabilities(strokes) };
    } catch (error) {
      console.error("a drawing could not be judged", error);
      return { type: "row", row: null };
    }
  },
};

/** The bytes of files of the judge's folder; `sizes` are theirs, by name. */
async function fetched(names, sizes) {
  const total = names.reduce((sum, name) => sum + sizes[name], 0);
  let [loaded, told] = [0, 0];
  const count = (bytes) => {
    loaded += bytes;
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    postMessage({ type: "progress", loaded, total });
  };
  return Promise.all(names.map((name) => read(new URL(name, FOLDER), sizes[name], count)));
}

async function read(url, size, count) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`);
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of parts(answer)) {
    bytes.set(part, at);
    at += part.length;
    count(part.length);
  }
  if (at !== size) throw new Error(`${url.pathname}: ${at} bytes instead of ${size}`);
  return bytes;
}

/** Bytes that `game/static_site/site.py` compressed. */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The body of an answer, part by part. */
async function* parts(answer) {
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

async function probabilities(strokes) {
  if (!session) throw new Error("the network is not loaded");
  const bitmap = new Tensor("uint8", rasterise(strokes), [1, SIDE, SIDE]);
  const results = await session.run({ [session.inputNames[0]]: bitmap });
  const all = softmax(results[session.outputNames[0]].data);
  return columns.map((column) => all[column]);
}

function softmax(logits) {
  const scaled = logits.map((logit) => logit / temperature);
  const highest = scaled.reduce((a, b) => Math.max(a, b));
  const powers = scaled.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
