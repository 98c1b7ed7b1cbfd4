// The clock as a ring: glides between the server's words about the time left, and decides nothing.

const HURRY = 5000;
const CALM = 250; // ms between moves for players who prefer reduced motion
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Clock {
  #ring;
  #path;
  #seconds;
  #ends = 0;
  #total = 0;
  /** @type {(() => void) | null} takes back the next move */
  #stop = null;

  /** `tick` is called with the whole seconds left in the last five. */
  constructor(ring, seconds, tick) {
    this.#ring = ring;
    this.#path = ring.querySelector(".left");
    this.#seconds = seconds;
    this.tick = /** @type {(seconds: number) => void} */ (tick);
  }

  /** Run down from `left` of `total` ms. */
  run(left, total) {
    this.#ends = performance.now() + left;
    this.#total = total;
    this.#stop ??= this.#soon();
  }

  /** Stand still where it is. */
  hold() {
    this.#stop?.();
    this.#stop = null;
  }

  /** Stand still, wound up, without a time. */
  windUp() {
    this.hold();
    this.#show(Infinity, Infinity);
    this.#seconds.textContent = "";
  }

  #glide() {
    const left = Math.max(this.#ends - performance.now(), 0);
    this.#show(left, this.#total);
    this.#stop = left > 0 ? this.#soon() : null;
  }

  #soon() {
    const glide = () => this.#glide();
    const takeBack = calm.matches ? clearTimeout : cancelAnimationFrame;
    const next = calm.matches ? setTimeout(glide, CALM) : requestAnimationFrame(glide);
    return () => takeBack(next);
  }

  #show(left, total) {
    const share = left < total ? left / total : 1;
    this.#path.style.strokeDasharray = `${share} 1.1`;
    this.#path.style.opacity = share > 0.004 ? 1 : 0;
    const seconds = String(Math.ceil(left / 1000));
    this.#ring.classList.toggle("hurry", left < HURRY);
    if (this.#seconds.textContent === seconds) return;
    this.#seconds.textContent = seconds;
    if (left < HURRY && left > 0 && this.#stop) this.tick(Number(seconds));
  }
}
