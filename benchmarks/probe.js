// Runs in the page: notes when pointer events are dispatched and when a guess that knows of them
// is in the DOM, and painted; and how long that guess is after the page's first HTTP request about it.

window.probe = {
  /**
   * Time from events of `types` to guesses.
   * `shown` gives the name of the guess that `element` shows, undefined while there is none.
   * `late`: events before the first guess are not timed (a nearly blank pad gets none).
   */
  watch(selector, shown, types, late) {
    this.late = late;
    this.reset();
    performance.setResourceTimingBufferSize(10_000);
    const element = document.querySelector(selector);
    let last = shown(element);
    new MutationObserver(() => {
      const now = shown(element);
      if (now === undefined || now === last) return;
      last = now;
      this.guessed();
    }).observe(element, { attributes: true, childList: true, characterData: true, subtree: true });
    const pen = { capture: true };
    for (const type of types)
      addEventListener(type, (event) => (type !== "pointermove" || event.buttons) && this.note(), pen);
    addEventListener("pointerdown", (event) => (this.downAt = event.timeStamp), pen);
    addEventListener("pointerup", (event) => (this.penDown += event.timeStamp - this.downAt), pen);
  },

  reset() {
    Object.assign(this, { guesses: 0, events: 0, penDown: 0, waiting: [] });
    Object.assign(this, { shown: [], painted: [], asked: [] });
  },

  /**
   * The next guess knows of an event that came when no other was waiting. Where one was, the next
   * guess may be about that one alone, and only the guess after it is counted.
   */
  note() {
    this.events += 1;
    const needs = this.guesses + (this.waiting.length ? 2 : 1);
    this.waiting.push({ at: performance.now(), needs, timed: !this.late || this.guesses > 0 });
  },

  guessed() {
    const now = performance.now();
    this.guesses += 1;
    const known = this.waiting.filter(({ needs, timed }) => timed && needs <= this.guesses);
    this.waiting = this.waiting.filter(({ needs }) => needs > this.guesses);
    const { shown, painted, asked } = this;
    const requests = performance.getEntriesByType("resource");
    for (const { at } of known) {
      shown.push(now - at);
      const first = requests.find(({ startTime }) => startTime >= at);
      if (first) asked.push(now - first.startTime);
    }
    afterPaint(() => {
      for (const { at } of known) painted.push(performance.now() - at);
    });
  },
};

function afterPaint(call) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = call;
  requestAnimationFrame(() => port2.postMessage(null));
}
