// The sheet of the running round: the page's ink, what the server has of it, and whether it is full.

export class RoundInk {
  #connection;
  #ink;
  #inkSender;
  #notes;
  #full = false;
  #refused = false;

  constructor({ connection, ink, inkSender, notes }) {
    this.#connection = connection;
    this.#ink = ink;
    this.#inkSender = inkSender;
    this.#notes = notes;
    ink.addEventListener("change", () => this.#room());
    ink.addEventListener("full", () => notes.slip("full"));
  }

  /** Whether it takes ink no more, until some is taken back. */
  get full() {
    return this.#full;
  }

  /** No round: nothing to draw on. */
  wipe() {
    this.#inkSender.begin(null);
    this.#ink.begin();
  }

  /** A round begins, or is seen first: with the server's ink, if it has some. */
  begin({ round, strokes }) {
    this.#refused = false;
    this.#ink.begin(strokes.at(-1)?.[2]?.at(-1) ?? 0);
    this.#inkSender.begin(round);
    if (strokes.length) this.#ink.replace(strokes);
    this.#inkSender.adopted();
  }

  /** The running round was told again; `answer`: because the page had asked. */
  again({ strokes }, answer) {
    if (!answer) return;
    if (this.#full || this.#refused) this.#adopt(strokes);
    else this.#inkSender.resync(strokes);
    this.#refused = false;
  }

  /** The server takes no more ink: ask what it has, to show no more than that. */
  fill() {
    if (this.#full) return;
    this.#full = true;
    this.#ink.up();
    this.#connection.hello();
  }

  /** The server did not take a line: ask what it has, and go on from there. */
  refused() {
    if (this.#refused) return;
    this.#refused = true;
    this.#ink.up();
    this.#connection.hello();
  }

  #adopt(strokes) {
    const full = this.#full;
    this.#ink.replace(strokes);
    this.#inkSender.adopted();
    this.#full = full;
    if (full) this.#notes.slip("full");
  }

  #room() {
    this.#notes.drop("full");
    this.#full = false;
  }
}
