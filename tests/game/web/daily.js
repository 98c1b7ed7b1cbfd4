// The daily's page without a browser: `node daily.js FOLDER < STEPS`, where FOLDER is the page's `js`. A step is
// `[key]`, the player's or null; prints the address and headers with which the page then asks the server.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const asked = [];
const stored = new Map();
Object.assign(globalThis, {
  document: { baseURI: "https://example.org/doodle/", documentElement: { lang: "en" } },
  localStorage: { getItem: (name) => stored.get(name) ?? null },
  fetch: async (url, { headers }) => {
    asked.push([String(url), headers]);
    return { ok: false, status: 404 };
  },
});

const { Daily } = await import(new URL("daily.js", pathToFileURL(`${process.argv[2]}/`)).href);
const daily = new Daily({ date: {}, says: {}, next: {}, play: {} }, { open() {} });
for (const [key] of JSON.parse(readFileSync(0, "utf8"))) {
  stored.set("doodle-race-key", key);
  await daily.open();
}
console.log(JSON.stringify(asked));
