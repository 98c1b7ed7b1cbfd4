// Fits square pads with a caption each into a list of a given size: as few rows as make them largest.

const SMALLEST = 64; // px of a pad's side; below it the list scrolls

/**
 * The number of columns at which `count` pads are largest, and the side of a pad in px.
 * `gap` is the space between two of them, `caption` the height of what stands below each.
 */
export function columnsFor(count, { width, height, gap, caption }) {
  let best = { columns: 1, side: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = (width - gap * (columns - 1)) / columns;
    const high = (height - gap * (rows - 1)) / rows - caption;
    const side = Math.floor(Math.min(wide, high));
    if (side > best.side) best = { columns, side };
  }
  if (best.side >= SMALLEST) return best;
  return { columns: Math.max(Math.floor((width + gap) / (SMALLEST + gap)), 1), side: SMALLEST };
}

/** Keeps the pads of a list fitted, for its style sheet to use as `--columns` and `--side`. */
export class Fit {
  #list;
  #shown = "";

  constructor(list) {
    this.#list = list;
    new ResizeObserver(() => this.again()).observe(list);
  }

  /** The list's pads or its place have changed. */
  again() {
    const first = this.#list.firstElementChild;
    const frame = first?.querySelector(".frame");
    if (!frame || !this.#list.clientWidth || !this.#list.classList.contains("live")) return;
    const { columnGap, paddingTop, paddingLeft } = getComputedStyle(this.#list);
    const { columns, side } = columnsFor(this.#list.childElementCount, {
      width: this.#list.clientWidth - 2 * Number.parseFloat(paddingLeft),
      height: this.#list.clientHeight - 2 * Number.parseFloat(paddingTop),
      gap: Number.parseFloat(columnGap) || 0,
      caption: first.offsetHeight - frame.offsetHeight,
    });
    const scrolls = getComputedStyle(this.#list).overflowY === "auto" && side === SMALLEST;
    if (scrolls)
      this.#list.tabIndex = 0; // so that it scrolls by keyboard too
    else this.#list.removeAttribute("tabindex");
    const fitted = `${columns} ${side}`;
    if (fitted === this.#shown) return;
    this.#shown = fitted;
    this.#list.style.setProperty("--columns", columns);
    this.#list.style.setProperty("--side", `${side}px`);
  }
}
