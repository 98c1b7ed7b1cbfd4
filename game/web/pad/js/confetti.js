// A burst of ink strokes around a guessed drawing: out within 200 ms, then it stays like a splash.

const STROKES = 34;
const COLOURS = ["--accent", "--sky", "--success", "--sun", "--ink"];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Throw strokes from the middle of `place` towards its edges. */
export function burst(place) {
  if (calm.matches) return;
  place.replaceChildren(...Array.from({ length: STROKES }, (_, index) => stroke(index)));
}

export function sweep(place) {
  place.replaceChildren();
}

function stroke(index) {
  const element = document.createElement("i");
  const angle = (index / STROKES) * 2 * Math.PI + Math.random() * 0.16;
  const size = 1 + (index % 3) * 0.5;
  const far = 41 + Math.random() * 12;
  element.style.cssText = `
    --x: ${Math.cos(angle) * far}cqw;
    --y: ${Math.sin(angle) * far}cqw;
    --turn: ${angle}rad;
    --size: ${size};
    background: var(${COLOURS[index % COLOURS.length]});`;
  return element;
}
