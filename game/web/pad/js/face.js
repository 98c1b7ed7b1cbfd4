// The guesser's face: six strokes (head, eyes, brows, mouth) that bend from mood to mood.

const SVG = "http://www.w3.org/2000/svg";
const BEND = 160; // ms from one mood to the next
const BLINK = 110;
const GAZE = 6; // how far the eyes wander, in units of the 120-unit drawing
const NAMES = ["head", "eye-left", "eye-right", "brow-left", "brow-right", "mouth"];

const HEAD = [
  [52, 17],
  [31, 26],
  [16, 45],
  [14, 68],
  [26, 92],
  [47, 106],
  [71, 106],
  [93, 93],
  [106, 70],
  [103, 45],
  [89, 26],
  [67, 16],
  [46, 19],
];
const eye = (x, top, bottom) => [
  [x, top],
  [x + 0.6, (top + bottom) / 2],
  [x, bottom],
];
const arch = (x, y, rise) => [
  [x - 8, y],
  [x, y - rise],
  [x + 8, y],
];
const ring = (x, y, rx, ry) =>
  [0, 1, 2, 3, 4, 5, 6].map((i) => [x + rx * Math.sin((i * Math.PI) / 3), y - ry * Math.cos((i * Math.PI) / 3)]);

const MOODS = {
  waiting: [
    HEAD,
    eye(44, 52, 60),
    eye(76, 52, 60),
    [
      [36, 41],
      [43, 38.5],
      [50, 40],
    ],
    [
      [70, 40],
      [77, 38.5],
      [84, 41],
    ],
    [
      [46, 79],
      [50, 82],
      [55, 84],
      [60, 84.5],
      [65, 84],
      [70, 82],
      [74, 79],
    ],
  ],
  unsure: [
    HEAD,
    eye(44, 52, 61),
    eye(76, 53, 60),
    [
      [35, 37],
      [43, 31],
      [51, 35],
    ],
    [
      [69, 44],
      [77, 43],
      [85, 46],
    ],
    [
      [45, 84],
      [50, 80.5],
      [55, 81.5],
      [60, 84.5],
      [65, 84],
      [70, 80],
      [76, 79],
    ],
  ],
  hot: [
    HEAD,
    eye(44, 48, 62),
    eye(76, 48, 62),
    [
      [35, 35],
      [43, 29],
      [51, 32],
    ],
    [
      [69, 32],
      [77, 29],
      [85, 35],
    ],
    ring(60, 83, 8.5, 10),
  ],
  got: [
    HEAD,
    arch(44, 60, 9),
    arch(76, 60, 9),
    [
      [34, 39],
      [43, 32],
      [51, 35],
    ],
    [
      [69, 35],
      [77, 32],
      [86, 39],
    ],
    [
      [39, 74],
      [60, 78.5],
      [81, 74],
      [75, 90],
      [60, 97],
      [45, 90],
      [39.5, 75],
    ],
  ],
  bell: [
    HEAD,
    arch(44, 55, -5),
    arch(76, 55, -5),
    [
      [35, 44],
      [43, 39],
      [50, 36],
    ],
    [
      [70, 36],
      [77, 39],
      [85, 44],
    ],
    [
      [47, 88],
      [51, 85],
      [55, 83],
      [60, 82],
      [65, 83],
      [69, 85],
      [73, 88],
    ],
  ],
};

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Face {
  mood = "";
  #svg;
  #blot;
  #strokes;
  #shape = MOODS.waiting;
  #frame = 0;
  #gaze = 0;

  constructor(svg, mood = "waiting") {
    this.#svg = svg;
    this.#blot = path(svg, "blot");
    this.#strokes = NAMES.map((name) => path(svg, name));
    this.#draw(this.#shape);
    this.feel(mood);
    setInterval(() => this.#blink(), 3700 + Math.random() * 1500);
  }

  /** Take on a mood: waiting, unsure, hot, got or bell. */
  feel(mood) {
    if (mood === this.mood) return;
    this.mood = mood;
    this.#svg.dataset.mood = mood;
    this.#bend(MOODS[mood], BEND);
  }

  /** Look at a spot of the page, in CSS pixels, from the next frame on. */
  look(x, y) {
    cancelAnimationFrame(this.#gaze);
    this.#gaze = requestAnimationFrame(() => this.#look(x, y));
  }

  #look(x, y) {
    const box = this.#svg.getBoundingClientRect();
    const dx = x - box.left - box.width / 2;
    const dy = y - box.top - box.height / 2;
    const far = Math.hypot(dx, dy) || 1;
    const reach = GAZE * Math.min(far / 160, 1);
    this.#strokes.slice(1).forEach((stroke, index) => {
      const share = index < 2 ? reach : reach * 0.45;
      stroke.setAttribute("transform", `translate(${(dx / far) * share} ${(dy / far) * share})`);
    });
  }

  #blink() {
    if (calm.matches || document.hidden || this.mood === "got" || this.mood === "bell") return;
    const shut = [...this.#shape];
    shut[1] = eye(44, 57, 58);
    shut[2] = eye(76, 57, 58);
    this.#draw(shut);
    setTimeout(() => this.#frame || this.#draw(this.#shape), BLINK);
  }

  #bend(target, length) {
    cancelAnimationFrame(this.#frame);
    const from = this.#shape;
    const start = performance.now();
    const step = () => {
      const share = calm.matches ? 1 : Math.min((performance.now() - start) / length, 1);
      const eased = 1 - (1 - share) ** 3;
      this.#shape = target.map((stroke, i) => stroke.map((point, j) => between(from[i][j], point, eased)));
      this.#draw(this.#shape);
      this.#frame = share < 1 ? requestAnimationFrame(step) : 0;
    };
    step();
  }

  #draw(shape) {
    for (const [index, points] of shape.entries()) this.#strokes[index].setAttribute("d", curve(points));
    this.#blot.setAttribute("d", curve(shape[0].map(([x, y]) => [x + 5, y + 4])));
  }
}

function path(svg, name) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("class", name);
  return svg.appendChild(element);
}

function between(a, b, share) {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** A smooth line through points: Catmull-Rom, written as cubic Béziers. */
function curve(points) {
  const at = (i) => points[Math.min(Math.max(i, 0), points.length - 1)];
  const pieces = points.slice(1).map((end, i) => {
    const [before, start, after] = [at(i - 1), at(i), at(i + 2)];
    const first = [0, 1].map((k) => start[k] + (end[k] - before[k]) / 6);
    const second = [0, 1].map((k) => end[k] - (after[k] - start[k]) / 6);
    return `C${[...first, ...second, ...end].map((value) => value.toFixed(1)).join(" ")}`;
  });
  return `M${points[0].join(" ")}${pieces.join("")}`;
}
