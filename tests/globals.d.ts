// The parts of Node and of service workers that the scripts of this project outside the page use, for the type checker.

declare module "node:fs" {
  export function readFileSync(file: number, encoding: "utf8"): string;
}

declare module "node:readline" {
  export function createInterface(options: { input: object }): AsyncIterable<string>;
}

declare module "node:url" {
  export function pathToFileURL(path: string): URL;
}

declare const process: {
  argv: string[];
  stdin: object;
  stdout: { write(text: string): void };
  exit(): never;
};

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WindowEventMap {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
}

declare const registration: { scope: string };
declare const $files: string[]; // filled in by `game.static_site.frame`
declare function skipWaiting(): Promise<void>;

interface Window {
  probe: any;
}
