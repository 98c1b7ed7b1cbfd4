// What players feel: buttons that tell everyone in the room, and a picture beside the one who feels it.

import { button, icon, make } from "./dom.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

const FELT = 2500; // ms that a reaction stays beside its player

export class Reactions {
  #bars;

  /** `bars`: elements for the buttons, one on each page; `react(name)` tells everyone. */
  constructor(bars, react) {
    this.#bars = bars;
    for (const bar of bars) bar.append(...RULES.race.reactions.map((name) => choice(name, react)));
  }

  /** Show the buttons, or hide them. */
  offer(may) {
    for (const bar of this.#bars) bar.hidden = !may;
  }

  /** Show the own reaction, where no place on the page is one's own. */
  own(reaction) {
    for (const bar of this.#bars) feel(bar, reaction);
  }
}

/** Show for a moment beside a player what they feel; without a place, nothing. */
export function feel(place, reaction) {
  if (!place) return;
  const felt = make("span", "felt", icon(`r-${reaction}`));
  place.querySelector(".felt")?.remove();
  place.append(felt);
  setTimeout(() => felt.remove(), FELT);
}

function choice(name, react) {
  const looks = { symbol: `r-${name}`, className: "plain", label: t(`reactions.${name}`) };
  const element = button("", () => react(name), looks);
  element.dataset.tLabel = `reactions.${name}`; // said anew when the language changes
  return element;
}
