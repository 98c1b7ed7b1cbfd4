// Making elements: text is only ever set as text, so no name or word can be markup.

const SVG = "http://www.w3.org/2000/svg";

/** A new element; `children` are elements or strings, null ones are left out. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A new SVG element with attributes. */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** One of the page's icons, by the name of its symbol without `i-`. */
export function icon(name) {
  return draw("svg", { "aria-hidden": "true" }, draw("use", { href: `#i-${name}` }));
}

/**
 * A button with an optional icon and a text.
 * @param {string} text
 * @param {() => unknown} act
 * @param {{ symbol?: string | null, className?: string, label?: string | null }} looks
 */
export function button(text, act, { symbol = null, className = "", label = null } = {}) {
  const element = make("button", className, symbol && icon(symbol), text && make("span", "", text));
  if (label) element.setAttribute("aria-label", label);
  element.addEventListener("click", act);
  return element;
}
