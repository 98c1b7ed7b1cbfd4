// The words of a room's next race: packs as chips, or a list that the host types. Guests see what was chosen.

import { make } from "./dom.js";
import { RULES } from "./rules.js";
import { noun, t } from "./strings.js";

const EVERYTHING = "everything";
const OWN = "own";
const REFUSED_SHOWN = 3; // sentences about single words; the others are counted

export class LobbyWords {
  #parts;
  #send;
  #configure;
  #packs = {}; // key → number of words
  #chips = new Map(); // key of a pack → its checkbox
  #spoken = ""; // the language of the chips
  #own = []; // the words in use
  #typing = false; // the host has opened the list
  /** @type {OwnWordsRead | null} */
  #read = null; // the last `own_words_read`

  /**
   * `parts`: chips, own (the form), text, list, says. `send(message)` goes to the server; `configure(packs)` sends the
   * lobby's settings with these packs.
   */
  constructor(parts, send, configure) {
    this.#parts = parts;
    this.#send = send;
    this.#configure = configure;
    parts.own.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#use();
    });
  }

  /** Offer these packs (key → number of words), from `welcome`. */
  offer(packs) {
    this.#packs = packs;
    this.#spoken = "";
  }

  /** Show what is chosen; `host`: whether one may choose. */
  show({ packs = [], own = [] }, host) {
    const { list, text } = this.#parts;
    this.#label();
    const changed = own.join() !== this.#own.join();
    this.#own = own;
    if (own.length) this.#typing = true;
    else if (changed) this.#typing = false;
    if (changed && own.length && document.activeElement !== text) text.value = own.map(noun).join(t("comma"));
    const typed = own.length > 0 || (this.#typing && host);
    const chosen = typed ? [OWN] : packs.length ? packs : [EVERYTHING];
    for (const [key, box] of this.#chips) {
      box.checked = chosen.includes(key);
      box.parentElement.hidden = !host && !box.checked;
    }
    list.textContent = host || !own.length ? "" : own.map(noun).join(t("comma"));
    this.#form(host);
  }

  /** Take what the server made of the typed list. */
  hear(read) {
    this.#read = read;
    this.#say();
  }

  /** Make the chips, once in each language. */
  #label() {
    const { lang } = document.documentElement;
    if (lang === this.#spoken) return;
    this.#spoken = lang;
    this.#chips.clear();
    const keys = [...Object.keys(this.#packs), OWN];
    this.#parts.chips.replaceChildren(...keys.map((key) => this.#chip(key, this.#packs[key] ?? null)));
  }

  #chip(key, count) {
    const box = make("input");
    Object.assign(box, { type: "checkbox", value: key });
    box.addEventListener("change", () => this.#choose(key, box.checked));
    this.#chips.set(key, box);
    const number = count === null ? null : make("small", "", t("number", { number: count }));
    return make("label", "", box, make("b", "", make("span", "", t(`packs.${key}`)), number));
  }

  #choose(key, checked) {
    if (key === OWN) {
      this.#typing = true;
      this.#form(true);
      this.#parts.text.focus();
      for (const [other, box] of this.#chips) box.checked = other === OWN;
      return;
    }
    this.#typing = false;
    this.#own = [];
    const packs = [...this.#chips].filter(([other, box]) => box.checked && ![OWN, EVERYTHING].includes(other));
    this.#configure(key === EVERYTHING || !packs.length ? [] : packs.map(([other]) => other));
    this.#read = null;
    if (!checked && !packs.length) this.#chips.get(EVERYTHING).checked = true;
  }

  #form(host) {
    this.#parts.own.hidden = !host || !this.#typing;
    this.#say();
  }

  #use() {
    const text = this.#parts.text.value;
    this.#send({ type: "own_words", text, language: document.documentElement.lang });
  }

  #say() {
    const sentences = this.#read === null ? [t("lobby.ownHint")] : answer(this.#read);
    this.#parts.says.replaceChildren(...sentences.map((text) => make("span", "", text)));
    this.#parts.says.classList.toggle("refused", Boolean(this.#read?.refused.length || this.#read?.used === false));
  }
}

/** Sentences about a list that was read. */
function answer({ words, refused, used }) {
  const shown = refused.slice(0, REFUSED_SHOWN);
  const more = refused.length - shown.length;
  return [
    used ? t("lobby.ownUsed", { count: words.length }) : t("lobby.ownFew", { least: RULES.words.leastOwn }),
    ...shown.map((each) => t(each.nearest === null ? "lobby.refused" : "lobby.refusedNearest", each)),
    ...(more ? [t("lobby.refusedMore", { count: more })] : []),
  ];
}
