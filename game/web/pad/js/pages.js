// Puts the pages beside the table together: meeting, lobby, watching, reveal, podium, replay, boards, daily,
// statistics, laboratory, privacy, challenge.

import { BadgeSheet } from "./badge_sheet.js";
import { Boards } from "./boards.js";
import { ChallengePage } from "./challenge.js";
import { Daily } from "./daily.js";
import { Face } from "./face.js";
import { Laboratory } from "./laboratory.js";
import { LiveInk } from "./live_ink.js";
import { Lobby } from "./lobby.js";
import { Meet, nameField } from "./meet.js";
import { Opponents } from "./opponents.js";
import { Podium } from "./podium.js";
import { Privacy } from "./privacy.js";
import { Reactions } from "./reactions.js";
import { Replays } from "./replays.js";
import { RevealPage } from "./reveal_page.js";
import { Routes } from "./routes.js";
import { StatisticsView } from "./statistics_view.js";
import { Watch } from "./watch.js";

/** Elements that a race needs beside those of the table; `get` finds one by its data attribute. */
export function addRaceParts(root, get) {
  return {
    sits: [...root.querySelectorAll("[data-act=sit]")],
    teams: [...root.querySelectorAll("[data-teams]")],
    lobbyTitle: get("lobby-title"),
    podiumTitle: get("podium-title"),
    podiumRank: get("podium-rank"),
    podiumChallenge: get("podium-challenge"),
    rematch: get("rematch"),
    rematchSays: get("rematch-says"),
  };
}

/** `page` with all the pages added to it. */
export function addPages(page, get) {
  const { root, connection, screens, share } = page;
  const live = new LiveInk();
  const watchReplay = (id) => page.replays.open(id);
  nameField([...root.querySelectorAll("[data-own-name]")]);
  get("can-share").hidden = !share.can;
  new Face(get("meet-face"), "hot");
  new Face(get("company-face"), "waiting");
  const badgeSheet = new BadgeSheet(badgeParts(root, get), page);
  return Object.assign(page, {
    badgeSheet,
    routes: new Routes(connection, page),
    meet: new Meet(meetParts(get), screens, {
      join: (code) => page.routes.join(code),
      countBests: () => connection.send({ type: "count_bests" }),
    }),
    lobby: new Lobby(lobbyParts(get), connection),
    live,
    opponents: new Opponents(get("opponents"), live),
    watch: new Watch(watchParts(get), { sound: page.sound, live }),
    revealPage: new RevealPage(
      { round: get("reveal-round"), word: get("reveal-word"), says: get("reveal-says"), drawings: get("drawings") },
      new Face(get("reveal-face"), "got"),
      { connection, notes: page.notes, badgeSheet },
    ),
    podium: new Podium(
      {
        title: get("podium-title"),
        steps: get("steps"),
        rest: get("rest"),
        wall: get("wall"),
        series: { title: get("series"), list: get("standings") },
      },
      watchReplay,
    ),
    reactions: new Reactions([...root.querySelectorAll("[data-reactions]")], (reaction) =>
      connection.send({ type: "react", reaction }),
    ),
    replays: new Replays(replayParts(get), { page, face: new Face(get("replay-face")) }),
    boards: new Boards(
      {
        of: get("board-of"),
        ranks: get("ranks"),
        says: get("board-says"),
        periods: [...root.querySelectorAll("[name=period]")],
      },
      screens,
      watchReplay,
    ),
    daily: new Daily(
      { date: get("daily-date"), says: get("daily-says"), next: get("daily-next"), play: get("play-daily") },
      screens,
    ),
    laboratory: new Laboratory({ findings: get("findings"), says: get("laboratory-says") }, screens),
    statistics: new StatisticsView(
      {
        totals: get("totals"),
        words: get("own-words-list"),
        says: get("statistics-says"),
        news: [...root.querySelectorAll("[data-news]")],
      },
      page,
      (name) => page.follow(name),
    ),
    privacy: new Privacy({ long: get("privacy-long"), forget: get("forget") }, page),
    challenge: new ChallengePage(
      {
        who: get("challenge-who"),
        title: get("challenge-title"),
        text: get("challenge-text"),
        accept: get("challenge-accept"),
      },
      screens,
      {
        accept: (id) => page.routes.challenge(id),
        gone: () => page.errors.hear("unknown"),
        unanswered: (again) => page.errors.unanswered(again),
      },
    ),
  });
}

function badgeParts(root, get) {
  return {
    dialog: get("badge-sheet"),
    pad: get("badge-pad"),
    hint: get("badge-hint"),
    preview: get("badge-preview"),
    undo: get("badge-undo"),
    clear: get("badge-clear"),
    done: get("badge-done"),
    cancel: get("badge-cancel"),
    places: [...root.querySelectorAll("[data-own-badge]")],
  };
}

function meetParts(get) {
  const account = { row: get("account"), says: get("account-says"), link: get("account-link") };
  const best = { best: get("ghost-best"), noBest: get("no-best") };
  return { ...best, form: get("by-code"), code: get("typed-code"), account };
}

function lobbyParts(get) {
  return {
    invite: get("invite"),
    company: get("company"),
    code: get("code"),
    qr: get("qr"),
    title: get("lobby-title"),
    seats: get("seats"),
    mine: get("mine"),
    side: get("side"),
    name: get("lobby-name"),
    colours: get("colours"),
    settings: get("settings"),
    rounds: get("rounds"),
    races: get("races"),
    seconds: get("seconds-choice"),
    secondsShown: get("seconds-shown"),
    finish: get("finish"),
    live: get("live-choice"),
    teams: get("teams-choice"),
    class: get("class-choice"),
    classText: get("class-text"),
    bots: get("bots"),
    botButtons: get("bot-buttons"),
    meanwhile: get("meanwhile"),
    raceBot: get("race-bot"),
    warmUp: { canvas: get("warm-pad"), hint: get("warm-hint"), wipe: get("warm-wipe") },
    says: get("lobby-says"),
    start: get("start"),
    ready: get("ready"),
    bigScreen: get("big-screen"),
    words: {
      chips: get("packs"),
      own: get("own-words"),
      text: get("own-text"),
      list: get("own-list"),
      says: get("own-says"),
    },
  };
}

function watchParts(get) {
  return {
    screen: get("watch"),
    round: get("watch-round"),
    count: get("watch-count"),
    ring: get("watch-ring"),
    seconds: get("watch-seconds"),
    word: get("watch-word"),
    says: get("watch-says"),
    opponents: get("watch-opponents"),
    code: get("watch-code"),
    qr: get("watch-qr"),
  };
}

function replayParts(get) {
  return {
    sheet: get("replay-sheet"),
    by: get("replay-by"),
    title: get("replay-word"),
    result: get("replay-result"),
    speech: get("replay-speech"),
    curve: get("replay-curve"),
    at: get("replay-at"),
    play: get("replay-play"),
    time: get("replay-time"),
    tipped: get("replay-tipped"),
    share: get("replay-share"),
  };
}
