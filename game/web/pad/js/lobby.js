// The lobby of a room: its code, link and QR code, the seats, and what the host may choose.

import { badge, nameplate } from "./badge.js";
import { button, icon, make } from "./dom.js";
import { link } from "./links.js";
import { LobbyWords } from "./lobby_words.js";
import * as me from "./me.js";
import { qr } from "./qr.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";
import { teamMark, teamName } from "./teams.js";
import { WarmUp } from "./warm_up.js";

const { seats: SEATS, classSeats: CLASS, colours: COLOURS, bots: BOTS, strangerWait: STRANGER_WAIT } = RULES.race;

const FREE_SEATS = 4; // free seats that a room for a class shows

export class Lobby {
  #parts;
  #connection;
  #code = null;
  #radios; // one for each number of rounds
  #races; // one for each length of a series
  #ticking = 0;
  #words;
  #warmUp;
  #alone = 0; // timer, while one waits for a stranger
  #waited = false; // and has waited long enough to be offered another opponent
  /** @type {{ packs: string[], own: string[] }} */
  #asked = { packs: [], own: [] }; // the words of the next race

  /** `parts`: the lobby's elements; what is chosen in it goes out on the `connection`. */
  constructor(parts, connection) {
    this.#parts = parts;
    this.#connection = connection;
    this.#radios = RULES.race.rounds.map((rounds) => this.#radio("rounds", rounds));
    this.#races = RULES.race.races.map((races) => this.#radio("races", races));
    Object.assign(parts.seconds, { min: RULES.race.seconds.least, max: RULES.race.seconds.most });
    parts.seconds.addEventListener("input", () => this.#showSeconds());
    parts.seconds.addEventListener("change", () => this.#configure());
    for (const choice of [parts.finish, parts.live, parts.teams, parts.class])
      choice.addEventListener("change", () => this.#configure());
    this.#words = new LobbyWords(
      parts.words,
      (message) => connection.send(message),
      (packs) => {
        this.#asked = { packs, own: [] };
        this.#configure();
      },
    );
    this.#warmUp = new WarmUp(parts.warmUp);
    this.#botButtons(parts.botButtons);
    parts.raceBot.addEventListener("click", () => connection.send({ type: "add_bot", strength: "medium" }));
    parts.name.maxLength = RULES.name.longest;
    parts.name.addEventListener("change", () => this.#rename());
  }

  /** Take from `welcome` the word packs that a host may choose. */
  greet({ packs = {} }) {
    this.#words.offer(packs);
  }

  /** Take the answer to a host's own words. */
  hear(message) {
    this.#words.hear(message);
  }

  /** Take a `race` state of the lobby. */
  show(state) {
    const { title, settings, start, ready } = this.#parts;
    const own = state.seats.find(({ seat }) => seat === state.you) ?? null;
    const host = own?.host ?? false;
    this.#invite(state);
    title.textContent = state.kind === "quick" ? t("lobby.quick") : t("lobby.title", { count: state.seats.length });
    this.#seats(state, host && state.kind === "room");
    this.#own(state, own);
    this.#parts.bots.hidden = !host || state.kind !== "room" || state.seats.length >= state.settings.seats;
    this.#meanwhile(state, own);
    settings.disabled = !host;
    settings.hidden = state.kind === "quick";
    this.#settings(state.settings);
    this.#words.show(state.settings, host);
    start.hidden = !host || state.kind === "quick";
    start.disabled = state.seats.length < 2;
    start.textContent = t("lobby.start");
    ready.hidden = own === null || (host && state.kind === "room");
    ready.setAttribute("aria-pressed", String(own?.ready ?? false));
    ready.textContent = t(own?.ready ? "lobby.unready" : "lobby.ready");
    this.#say(state, own, host);
  }

  leave() {
    clearInterval(this.#ticking);
    clearTimeout(this.#alone);
    this.#waited = false;
    this.#alone = 0;
    this.#code = null;
    this.#warmUp.clear();
  }

  /** A button for each strength of bots; their texts are filled like all others when the language changes. */
  #botButtons(place) {
    for (const strength of BOTS) {
      const add = () => this.#connection.send({ type: "add_bot", strength });
      const element = button(t(`bots.${strength}`), add, { symbol: "bot" });
      element.querySelector("span").dataset.t = `bots.${strength}`;
      place.append(element);
    }
  }

  /** A player who has waited for a stranger for a while may race a bot or a recording instead. */
  #meanwhile(state, own) {
    const alone = state.kind === "quick" && own !== null && state.seats.length === 1;
    if (!alone) {
      clearTimeout(this.#alone);
      this.#alone = 0;
      this.#waited = false;
    } else if (this.#alone === 0) {
      this.#alone = setTimeout(() => {
        this.#waited = true;
        this.#parts.meanwhile.hidden = false;
        this.#parts.says.textContent = t("lobby.nobody");
      }, STRANGER_WAIT);
    }
    this.#parts.meanwhile.hidden = !this.#waited;
  }

  #invite({ code, kind }) {
    this.#parts.invite.hidden = kind === "quick";
    this.#parts.company.hidden = kind !== "quick";
    if (code === this.#code) return;
    this.#code = code;
    this.#parts.code.textContent = code;
    this.#parts.qr.replaceChildren(qr(link("room", code), t("lobby.qr")));
    this.#parts.bigScreen.href = link("watch", code);
  }

  #seats({ seats, you, kind, settings }, host) {
    const taken = seats.map((seat) => this.#seat(kind === "quick" ? { ...seat, host: false } : seat, you, host));
    const left = Math.max(settings.seats - taken.length, 0);
    const count = settings.seats > SEATS ? Math.min(left, FREE_SEATS) : left;
    const free = Array.from({ length: kind === "quick" ? 0 : count }, () => make("li", "free", t("lobby.free")));
    this.#parts.seats.classList.toggle("crowd", taken.length > SEATS);
    this.#parts.seats.replaceChildren(...taken, ...free);
  }

  #seat(seat, you, host) {
    const news = seat.host ? [icon("crown"), "host"] : seat.ready ? [icon("tick"), "ready"] : [null, "waits"];
    const level = seat.bot ? make("span", "", t(`bots.${seat.bot}`)) : null;
    const state = make("span", "state", news[0], level ?? make("span", "", t(`seat.${news[1]}`)));
    const item = make("li", seat.ready ? "ready" : "", nameplate(seat), state);
    item.classList.toggle("mine", seat.seat === you);
    item.classList.toggle("away", !seat.connected);
    const mark = teamMark(seat.team);
    if (mark) state.prepend(mark);
    if (!seat.connected) state.append(make("span", "", t("seat.away")));
    if (host && seat.seat !== you) {
      const kick = () => this.#connection.send({ type: "kick", seat: seat.seat });
      item.append(
        button("", kick, {
          symbol: "cross",
          className: "plain",
          label: t(seat.bot ? "lobby.kickBot" : "lobby.kick", seat),
        }),
      );
    }
    return item;
  }

  /** The own name and colour, to be changed here. */
  #own({ seats }, own) {
    const { mine, name, colours } = this.#parts;
    mine.hidden = own === null;
    if (own === null) return;
    this.#side(own.team);
    if (document.activeElement !== name) name.value = own.name;
    const used = Array.from({ length: COLOURS }, (_, colour) => seats.filter((seat) => seat.colour === colour).length);
    const least = Math.min(...used); // a colour is used twice only when none is free
    const choose = (colour) => () => {
      me.recolour(colour);
      this.#connection.send({ type: "profile", colour });
    };
    const choices = Array.from({ length: COLOURS }, (_, colour) => {
      const choice = button("", choose(colour), {
        className: "plain",
        label: t("lobby.colour", { number: colour + 1 }),
      });
      choice.append(badge({ colour }));
      choice.setAttribute("aria-pressed", String(colour === own.colour));
      choice.disabled = used[colour] > least && colour !== own.colour;
      return choice;
    });
    const held = [...colours.children].indexOf(document.activeElement);
    colours.replaceChildren(...choices);
    if (held >= 0) choices[held].focus();
  }

  /** The button with which one goes to the other team. */
  #side(team) {
    const { side } = this.#parts;
    side.hidden = team === null || team === undefined;
    if (side.hidden) return;
    side.replaceChildren(teamMark(1 - team, false), t("lobby.changeTo", { name: teamName(1 - team) }));
    side.onclick = () => this.#connection.send({ type: "change_team", team: 1 - team });
  }

  /** A choice of a number; `name` is that of the setting and of its place. */
  #radio(name, number) {
    const radio = make("input");
    Object.assign(radio, { type: "radio", name, value: number });
    radio.addEventListener("change", () => this.#configure());
    this.#parts[name].append(make("label", "", radio, make("b", "", String(number))));
    return radio;
  }

  #settings({ rounds, races = 1, seconds, finish, live, teams, seats, packs = [], own = [] }) {
    this.#parts.finish.checked = finish;
    this.#parts.live.checked = live;
    this.#parts.teams.checked = teams;
    this.#parts.class.checked = seats > SEATS;
    this.#parts.classText.textContent = t("lobby.class", { seats: CLASS });
    this.#asked = { packs, own };
    for (const radio of this.#radios) radio.checked = Number(radio.value) === rounds;
    for (const radio of this.#races) radio.checked = Number(radio.value) === races;
    this.#parts.seconds.value = seconds;
    this.#showSeconds();
  }

  #showSeconds() {
    this.#parts.secondsShown.textContent = t("wholeSeconds", { seconds: this.#parts.seconds.value });
  }

  #configure() {
    const chosen = (radios) => Number(radios.find((radio) => radio.checked).value);
    const { seconds, finish, live, teams } = this.#parts;
    const length = { rounds: chosen(this.#radios), races: chosen(this.#races), seconds: Number(seconds.value) };
    const seats = this.#parts.class.checked ? CLASS : SEATS;
    const choices = { finish: finish.checked, live: live.checked, teams: teams.checked, seats };
    const settings = { ...length, ...choices, ...this.#asked };
    this.#connection.send({ type: "configure", settings });
  }

  #rename() {
    me.rename(this.#parts.name.value);
    this.#connection.send({ type: "profile", name: me.name() || null });
  }

  #say({ seats, kind, left, watchers }, own, host) {
    clearInterval(this.#ticking);
    const ends = performance.now() + (left ?? 0);
    const say = () => {
      const seconds = Math.max(Math.ceil((ends - performance.now()) / 1000), 0);
      const text = left !== null ? t("lobby.soon", { count: seconds }) : this.#advice(seats, kind, own, host);
      const more = watchers ? ` ${t("lobby.watchers", { count: watchers })}` : "";
      if (this.#parts.says.textContent !== text + more) this.#parts.says.textContent = text + more;
    };
    say();
    if (left !== null) this.#ticking = setInterval(say, 1000);
  }

  #advice(seats, kind, own, host) {
    if (own === null) return t("lobby.watching");
    if (kind === "quick") return t(this.#waited ? "lobby.nobody" : "lobby.stranger");
    if (seats.length < 2) return t("lobby.alone");
    return host ? t("lobby.youStart") : t("lobby.hostStarts", { name: seats.find((seat) => seat.host)?.name ?? "" });
  }
}
