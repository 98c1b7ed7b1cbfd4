// Puts the pages beside the table together: meeting, lobby, watching, reveal, podium, replay, boards, daily, dare.

import { Boards } from "./boards.js";
import { Daily } from "./daily.js";
import { Dare } from "./dare.js";
import { Face } from "./face.js";
import { Lobby } from "./lobby.js";
import { Meet, nameField } from "./meet.js";
import { Podium } from "./podium.js";
import { Rail } from "./rail.js";
import { Replays } from "./replays.js";
import { RoundEnd } from "./roundend.js";
import { Watch } from "./watch.js";
import { Ways } from "./ways.js";

/** Elements that a race needs beside those of the table; `get` finds one by its data attribute. */
export function addRaceParts(root, get) {
  return {
    sits: [...root.querySelectorAll("[data-act=sit]")],
    lobbyTitle: get("lobby-title"), podiumTitle: get("podium-title"), podiumRank: get("podium-rank"),
    podiumDare: get("podium-dare"), reactions: get("reactions"), rematch: get("rematch"), rematchSays: get("rematch-says"),
  };
}

/** `page` with all the pages added to it. */
export function addPages(page, get) {
  const { root, line, screens, share } = page;
  const watchReplay = (id) => page.replays.open(id);
  nameField([...root.querySelectorAll("[data-own-name]")]);
  get("can-share").hidden = !share.can;
  new Face(get("meet-face"), "hot");
  new Face(get("company-face"), "waiting");
  return Object.assign(page, {
    ways: new Ways(line, page),
    meet: new Meet(meetParts(get), screens, (code) => page.ways.join(code)),
    lobby: new Lobby(lobbyParts(root, get), line),
    rail: new Rail(get("rail")),
    watch: new Watch(watchParts(get)),
    roundEnd: new RoundEnd(
      { round: get("reveal-round"), word: get("reveal-word"), says: get("reveal-says"), drawings: get("drawings") },
      new Face(get("reveal-face"), "got"),
      line,
    ),
    podium: new Podium(
      { title: get("podium-title"), steps: get("steps"), rest: get("rest"), wall: get("wall"), reactions: get("reactions") },
      { react: (reaction) => line.send({ type: "react", reaction }), watch: watchReplay },
    ),
    replays: new Replays(replayParts(get), { page, face: new Face(get("replay-face")) }),
    boards: new Boards(
      { of: get("board-of"), ranks: get("ranks"), says: get("board-says"), periods: [...root.querySelectorAll("[name=period]")] },
      screens,
      watchReplay,
    ),
    daily: new Daily(
      { date: get("daily-date"), says: get("daily-says"), next: get("daily-next"), play: get("play-daily") },
      screens,
    ),
    dare: new Dare(
      { who: get("dare-who"), title: get("dare-title"), text: get("dare-text"), accept: get("dare-accept") },
      screens,
      { accept: (id) => page.ways.challenge(id), gone: () => page.trouble.hear("unknown") },
    ),
  });
}

function meetParts(get) {
  const account = { row: get("account"), says: get("account-says"), link: get("account-link") };
  return { form: get("by-code"), code: get("typed-code"), account };
}

function lobbyParts(root, get) {
  return {
    invite: get("invite"), company: get("company"), code: get("code"), qr: get("qr"), title: get("lobby-title"), seats: get("seats"),
    mine: get("mine"), name: get("lobby-name"), colours: get("colours"),
    settings: get("settings"), rounds: [...root.querySelectorAll("[name=rounds]")],
    seconds: get("seconds-choice"), secondsShown: get("seconds-shown"),
    says: get("lobby-says"), start: get("start"), ready: get("ready"),
    bigScreen: get("big-screen"),
  };
}

function watchParts(get) {
  return {
    round: get("watch-round"), ring: get("watch-ring"), seconds: get("watch-seconds"), word: get("watch-word"),
    says: get("watch-says"), rail: get("watch-rail"), code: get("watch-code"), qr: get("watch-qr"),
  };
}

function replayParts(get) {
  return {
    sheet: get("replay-sheet"), by: get("replay-by"), title: get("replay-word"), result: get("replay-result"),
    speech: get("replay-speech"), curve: get("replay-curve"), at: get("replay-at"), play: get("replay-play"),
    time: get("replay-time"), tipped: get("replay-tipped"), share: get("replay-share"),
  };
}
