"""Scenes of races, records and failures, for pictures and for tests of the page alone."""

from dataclasses import replace
from typing import Any

from playwright.sync_api import Page

from game.messages import (
    COLOURS,
    Bests,
    Board,
    BoardRow,
    ChallengeInfo,
    DailyInfo,
    GameKept,
    Guesses,
    JudgedFrame,
    LiveInk,
    Message,
    ModelGuess,
    OwnWordsRead,
    PadInk,
    Placing,
    Problem,
    RaceProgress,
    RaceState,
    Reaction,
    RefusedWord,
    Replay,
    Reveal,
    RevealedDrawing,
    RoomSettings,
    RoundSummary,
    SeatProgress,
    SeatState,
    SeriesState,
    ShowdownState,
    State,
)
from game.rules.sketches import DRAWINGS
from game.words.packs import offered
from models.words import ALL
from tests.browser.puppet import Scene, guesses, strokes
from tests.browser.texts import said
from tests.game.fakes import badge_of

HOME = State(stage="home")
CLASS = RoomSettings(seats=30)
NAMES = ("Mia", "Jörg", "Amélie the Great", "Bo", "さくら", "Xenia", "Tom Tom", "Ada")
PACKS = {key: len(words) for key, words in offered(ALL).items()}
OWN = ("cat", "house", "sun", "tree", "bicycle")
# badges, in the form of `game.rules.badges`
BADGES = {
    seat: badge_of([[(round(x / 4.1), round(y / 4.1)) for x, y in line] for line in DRAWINGS[word]])
    for seat, word in enumerate(("fish", "cat", "", "sailboat", "", "mushroom", "star", ""))
    if word
}
EVIL = "<img src=x onerror"  # a tag, cut to the longest name


def seats(count: int, names: tuple[str, ...] = NAMES, **changes: dict[int, Any]) -> list[SeatState]:
    """The first `count` seats; each change gives one field of some seats."""
    made: list[SeatState] = []
    for index in range(count):
        changed = {field: of[index] for field, of in changes.items() if index in of}
        seat = SeatState(
            seat=index,
            name=names[index % len(names)],
            colour=index % COLOURS,
            host=index == 0,
            ready=index % 3 == 1,
            delay=None if index == 3 else 18.0 + 23 * index,
        )
        made.append(seat.model_copy(update=changed))
    return made


def race(stage: Any, count: int = 3, you: int | None = 0, **changes: Any) -> RaceState:
    """A race of the classic words, in its second round of three."""
    state = RaceState(
        kind="room",
        code="FQX7KP",
        stage=stage,
        you=you,
        seats=seats(count),
        settings=RoomSettings(rounds=3, seconds=20),
        round=2,
        number=2,
        rounds=3,
    )
    return state.model_copy(update=changes)


def drawing(count: int, word: str, share: float, seen: float, **changes: Any) -> Scene:
    """The middle of a round, with probability `seen` for the player's own drawing."""
    done = {1: 5_230.0} if count > 1 else {}
    state = race(
        "drawing",
        count,
        word=word,
        left=11_400,
        total=20_000,
        strokes=strokes(word, share),
        seats=seats(count, milliseconds=done, points={0: 5, 1: 3, 2: 2}, connected={4: False}),
    )
    sure = [seen, 1.0, 0.62, 0.08, 0.3, 0.45, 0.75, 0.2]
    progress = RaceProgress(
        round=2,
        seats=[
            SeatProgress(seat=seat, target=sure[seat % len(sure)], milliseconds=done.get(seat))
            for seat in range(count)
        ],
    )
    said = Guesses(
        round=2, frame=9, guesses=guesses((word, seen), ("car", 0.2), ("cat", 0.1)), target=seen
    )
    return Scene((state.model_copy(update=changes), progress, said))


def live(count: int, *words: str) -> LiveInk:
    """Drawings in progress: every seat draws one of the words, some further than others."""
    pads: list[PadInk] = []
    for seat in range(count):
        lines = strokes(words[seat % len(words)], (0.4, 1.0, 0.7)[seat % 3])
        ink = [(number, xs, ys) for number, (xs, ys, _) in enumerate(lines)]
        pads.append(PadInk(seat=seat, keep=0, lines=[] if seat % 7 == 6 else ink))
    return LiveInk(round=2, pads=pads)


def watched(count: int, word: str, **changes: Any) -> Scene:
    """The big screen in the middle of a round."""
    state, progress, _ = drawing(count, word, 0.3, 0.2, you=None, **changes).messages
    return Scene((state, progress, live(count, word)))


def won_and_watching(count: int, word: str) -> Scene:
    """The own drawing is guessed, and the others are still seen to draw."""
    won = seats(count, milliseconds={0: 4_120.0, 1: 5_230.0}, points={0: 5})
    scene = drawing(count, word, 1, 0.97, seats=won)
    messages = (*scene.messages, live(count, word))
    return Scene(messages, lambda page: page.wait_for_timeout(1_800))


def with_badges(scene: Scene) -> Scene:
    """The same scene with badges of the players' own, of which some have none."""
    told = [
        message.model_copy(
            update={
                "seats": [
                    seat.model_copy(update={"badge": BADGES.get(seat.seat % len(NAMES))})
                    for seat in message.seats
                ]
            }
        )
        if isinstance(message, RaceState)
        else message
        for message in scene.messages
    ]
    return replace(scene, messages=tuple(told))


def draw_badge(page: Page) -> None:
    """Open the sheet for the own badge with one on it."""
    page.evaluate("(badge) => localStorage.setItem('doodle-race-badge', badge)", BADGES[1])
    page.locator(".own-badge:visible").click()
    page.locator("[data-badge-sheet][open]").wait_for()
    page.evaluate("localStorage.removeItem('doodle-race-badge')")


def in_teams(count: int, **changes: Any) -> dict[str, Any]:
    """The changes of a race state that put its seats into two teams."""
    made = seats(count, team={seat: seat % 2 for seat in range(count)}, **changes)
    return {"seats": made, "settings": RoomSettings(teams=True)}


def frames(word: str, seconds: float, best: float, guessed: bool) -> list[JudgedFrame]:
    """Plausible frames of a drawing: unsure at first, then surer by leaps."""
    seen = ("bird", "fish", "fish", "cat", word, word, word, word)
    rise = (0.02, 0.05, 0.04, 0.12, 0.31, 0.35, 0.74, 1.0)
    return [
        (3 * i + 1, 1000 * seconds * (i + 1) / 8, round(best * share, 4), seen[i])
        for i, share in enumerate(rise)
    ]


def drawn(seat: int, word: str, outcome: Any, seconds: float, place: int | None, **changes: Any):
    """The drawing of a seat; its strokes end just before it was guessed."""
    best = 0.97 if outcome == "guessed" else 0.55
    lines = strokes(word) if outcome != "bell" else strokes(word, 0.5)
    return RevealedDrawing(
        seat=seat,
        name=NAMES[seat % len(NAMES)],
        colour=seat % COLOURS,
        place=place,
        outcome=outcome,
        points=0 if place is None else (5, 3, 2, 1)[min(place, 4) - 1],
        milliseconds=1000 * seconds,
        frame=22,
        best=best,
        delay=18.0 + 23 * seat,
        compensated=9.0 + 11 * seat,
        strokes=timed(lines, 1000 * seconds * 0.98),
        frames=frames(word, seconds, best, outcome == "guessed"),
        replay=f"replay{seat}",
    ).model_copy(update=changes)


def timed(lines: list[list[list[float]]], end: float) -> list[list[list[float]]]:
    """The strokes with the times of an even hand that ends at `end` ms."""
    count = sum(len(xs) for xs, _, _ in lines)
    gap, at, made = (end - 400) / count, 400.0, list[list[list[float]]]()
    for xs, ys, _ in lines:
        made.append([xs, ys, [at + gap * i for i in range(len(xs))]])
        at += gap * len(xs)
    return made


def reveal(count: int, word: str) -> Scene:
    times = (4.1, 5.2, 6.9, 8.8, 20, 11.3, 20, 20)
    outcomes = ("guessed", "guessed", "guessed", "guessed", "bell", "guessed", "bell", "bell")
    of = [seat % len(times) for seat in range(count)]
    order = sorted(range(count), key=lambda seat: times[of[seat]])
    entries = [
        drawn(
            seat,
            word,
            outcomes[of[seat]],
            times[of[seat]],
            place if outcomes[of[seat]] == "guessed" else None,
            **({"strokes": [], "frames": []} if seat == 7 else {}),
        )
        for place, seat in enumerate(order, 1)
    ]
    told = Reveal(round=2, word=word, winner=0, drawings=entries)
    return Scene((told, race("reveal", count, you=1, word=word, left=4_000, total=4_000)))


def reveal_of_nobody(count: int, word: str) -> Scene:
    """No drawing was guessed: half points for the closest."""
    entries = [drawn(seat, word, "bell", 20, None, best=0.55 - 0.1 * seat) for seat in range(count)]
    entries[0] = entries[0].model_copy(update={"place": 1, "points": 2.5})
    told = Reveal(round=2, word=word, winner=0, drawings=entries)
    return Scene((told, race("reveal", count, you=1, word=word, left=4_000, total=4_000)))


def podium(
    count: int,
    you: int = 1,
    *more: Message,
    ghost: int = -1,
    bots: tuple[int, ...] = (),
    **changes: Any,
) -> Scene:
    points = [13, 10, 7, 4, 3, 2, 1, *[0] * count]
    seated = seats(count, ghost={ghost: True}, delay={ghost: None})
    places = [
        Placing(
            place=index + 1,
            seat=index,
            name=NAMES[index % len(NAMES)],
            colour=index % COLOURS,
            points=points[index],
            milliseconds=21_000 + 3_400 * index,
            ghost=index == ghost,
            bot=index in bots,
        )
        for index in range(count)
    ]
    words = ("house", "cat", "fish")
    reveals = [
        Reveal(
            round=number,
            word=word,
            winner=0,
            drawings=[
                drawn(seat, word, "guessed", 4.2 + seat, seat + 1) for seat in range(min(count, 4))
            ],
        )
        for number, word in enumerate(words, 1)
    ]
    results = [
        RoundSummary(round=number, word=word, winner=0, points={0: 5})
        for number, word in enumerate(words, 1)
    ]
    changes = {"seats": seated, **changes}
    start = race("countdown", count, you=you, round=1, number=1, left=3_000, total=3_000)
    end = race("over", count, you=you, podium=places, results=results, round=3, number=3)
    messages = (start.model_copy(update=changes), *reveals, end.model_copy(update=changes), *more)
    return Scene(messages)


def in_series(count: int, race: int, races: int = 3) -> Scene:
    """The podium of a race in a series; its standings are led by the second player."""
    scene = podium(count, 0)
    state = scene.messages[-1]
    assert isinstance(state, RaceState)
    order = [*state.podium[1::-1], *state.podium[2:]]
    standings = [
        placing.model_copy(update={"place": place, "points": 24.0 - 3 * place})
        for place, placing in enumerate(order, 1)
    ]
    told = SeriesState(race=race, races=races, standings=standings)
    return Scene((*scene.messages[:-1], state.model_copy(update={"series": told})))


REPLAY = Replay(
    word="bicycle",
    outcome="guessed",
    milliseconds=7_600,
    frame=22,
    best=0.97,
    points=5,
    strokes=timed(strokes("bicycle"), 7_400),
    frames=frames("bicycle", 7.6, 0.97, True),
    name="Mia",
    colour=0,
    mode="room",
    model="classic-b0",
)
BOARD = Board(
    span="today",
    mode="sprint",
    rows=[
        BoardRow(
            place=index + 1,
            name=name,
            colour=index,
            points=14.5 - 1.5 * index,
            milliseconds=58_400 - 900 * index,
            replay=f"replay{index}" if index != 3 else None,
            date="2026-11-21T09:30:00Z",
        )
        for index, name in enumerate(NAMES)
    ],
)
BEST = Board(
    span="today",
    rows=[
        row.model_copy(update={"place": 1, "word": word, "milliseconds": 2_100 + 340 * index})
        for index, (word, row) in enumerate(
            zip(("bird", "cake", "cat", "fish", "house", "sun", "tree"), BOARD.rows, strict=False)
        )
    ],
)
CHALLENGE = ChallengeInfo(
    id="challenge0", name="Mia", colour=5, words=3, points=13, milliseconds=31_240
)
MODELS = ("classic-b0", "scratch-b0", "frozen-b0")


def scrub(page: Page, moment: int = 4_600) -> None:
    """Stop the replay at a moment, by hand."""
    page.locator(".replay:not([hidden])").wait_for()
    slider = page.locator("[data-replay-at]")
    slider.evaluate(
        "(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input')); }", moment
    )


def error_dialog(code: Any, before: Message = HOME) -> Scene:
    problem = Problem(code=code, text="")
    return Scene(
        (before, problem),
        lambda page: page.get_by_role("alertdialog").wait_for(),
        query="?room=ABCDEF",
    )


def best_of_words(page: Page) -> None:
    press("boards")(page)
    page.locator("[data-board-of]").select_option("every:")
    page.wait_for_timeout(200)


def seen_by(seat: int | None, scene: Scene, **changes: Any) -> Scene:
    """The race as another seat, or a watcher, sees it."""
    told = [
        message.model_copy(update={"you": seat, **changes})
        if isinstance(message, RaceState)
        else message
        for message in scene.messages
        if not isinstance(message, Guesses)
    ]
    return replace(scene, messages=tuple(told))


def reported(scene: Scene) -> Scene:
    """One drawing is hidden, and the flag of the next one was pressed once."""
    told, state = scene.messages
    assert isinstance(told, Reveal)
    first, *others = told.drawings
    gone = first.model_copy(update={"hidden": True, "strokes": []})
    messages = (told.model_copy(update={"drawings": [gone, *others]}), state)
    return replace(scene, messages=messages, act=lambda page: page.locator(".report").last.click())


def with_bots(count: int) -> list[SeatState]:
    """Seats of which the last two are those of bots."""
    made = seats(count)
    bots = zip(made[-2:], ("Bolt", "Pixel"), ("easy", "strong"), strict=True)
    return made[:-2] + [
        seat.model_copy(update={"name": name, "bot": bot, "ready": True, "delay": None})
        for seat, name, bot in bots
    ]


def finished(scene: Scene) -> Scene:
    """The same reveal, its first drawing finished after it was guessed half-way."""
    told, state = scene.messages
    assert isinstance(told, Reveal)
    first, *others = told.drawings
    half = first.model_copy(
        update={"milliseconds": first.milliseconds / 2, "frames": first.frames[:4], "frame": 10}
    )
    return replace(scene, messages=(told.model_copy(update={"drawings": [half, *others]}), state))


def press(act: str) -> Any:
    return lambda page: page.locator(f".home [data-act={act}]").click()


def read_findings(page: Page) -> None:
    """The page of what the laboratory found, with its first plot."""
    press("laboratory")(page)
    page.locator(".findings img").first.wait_for()


def see_statistics(page: Page) -> None:
    """The page of a player's own statistics, after some games."""
    words = {
        word: {"asked": 9 - place, "guessed": 8 - 2 * place, "best": 1_900 + 800 * place}
        for place, word in enumerate(("sun", "house", "fish", "bicycle"))
    }
    modes = {"sprint": {"games": 6, "best": 14.3, "last": "2026-01-02"}}
    kept = {"words": words, "modes": modes, "day": "2026-01-02", "days": 3}
    store(page, kept)
    press("statistics")(page)
    store(page, None)


def store(page: Page, kept: dict[str, Any] | None) -> None:
    """Keep these statistics in the browser, or none."""
    page.evaluate(
        """([key, kept]) => kept
          ? localStorage.setItem(key, JSON.stringify(kept)) : localStorage.removeItem(key)""",
        ["doodle-race-statistics", kept],
    )


def ask_to_forget(page: Page) -> None:
    press("privacy")(page)
    page.locator("[data-forget]").click()


OTHERS = [
    ModelGuess(model=MODELS[0], guesses=guesses(("bird", 0.97)), target=0.97, guessed=3_400),
    ModelGuess(model=MODELS[1], guesses=guesses(("fish", 0.44), ("bird", 0.2)), target=0.2),
    ModelGuess(model=MODELS[2], guesses=guesses(("bird", 0.91)), target=0.91, guessed=5_100),
]

SCENES: dict[str, Scene] = {
    "meet": Scene((HOME,), press("meet")),
    "meet_badge": Scene(
        (HOME,),
        lambda page: (press("meet")(page), draw_badge(page)),
    ),
    "lobby_badges": with_badges(
        Scene((race("lobby", 8, you=1, round=0, number=0, watchers=1, seats=seats(8)),))
    ),
    "lobby_badge": replace(
        with_badges(Scene((race("lobby", 3, you=1, round=0, number=0),))), act=draw_badge
    ),
    "race_badges": with_badges(drawing(4, "cat", 0.3, 0.3)),
    "reveal_badges": with_badges(reveal(3, "cat")),
    "podium_badges": with_badges(in_series(8, 2)),
    "watch_badges": with_badges(watched(8, "bicycle")),
    "watch_30_badges": with_badges(watched(30, "bicycle", settings=CLASS)),
    "lobby_1": Scene((race("lobby", 1, seats=seats(1), round=0, number=0),)),
    "lobby_3": Scene((race("lobby", 3, round=0, number=0, watchers=1),)),
    "lobby_8": Scene(
        (race("lobby", 8, you=2, round=0, number=0, seats=seats(8, connected={4: False})),)
    ),
    "lobby_bots": Scene((race("lobby", 3, round=0, number=0, seats=with_bots(3)),)),
    "lobby_nobody": Scene(
        (race("lobby", 1, kind="quick", seats=seats(1), round=0),),
        lambda page: page.locator("[data-meanwhile]").wait_for(),
    ),
    "meet_no_best": Scene((HOME, Bests(words=0)), press("meet")),
    "race_bots": drawing(3, "cat", 0.3, 0.3, seats=with_bots(3)),
    "race_almost": Scene(drawing(3, "cat", 1, 0.95).messages, said("almost")),
    "race_finish": won_and_watching(3, "house"),
    "race_finish_8": won_and_watching(8, "tree"),
    "race_finish_hidden": Scene(
        drawing(
            3,
            "house",
            1,
            0.97,
            seats=seats(3, milliseconds={0: 4_120.0}, points={0: 5}),
            settings=RoomSettings(live=False),
        ).messages,
        lambda page: page.wait_for_timeout(1_800),
    ),
    "race_reveal_finished": finished(reveal(3, "cat")),
    "race_podium_bots": podium(3, 0, bots=(1, 2), seats=with_bots(3)),
    "lobby_packs": Scene(
        (race("lobby", 2, round=0, number=0, settings=RoomSettings(packs=("animals", "food"))),),
        packs=PACKS,
    ),
    "lobby_packs_guest": Scene(
        (
            race(
                "lobby", 3, you=1, round=0, number=0, settings=RoomSettings(packs=("food", "home"))
            ),
        ),
        packs=PACKS,
    ),
    "lobby_own": Scene(
        (
            race("lobby", 2, round=0, number=0, settings=RoomSettings(own=OWN)),
            OwnWordsRead(
                words=list(OWN), refused=[RefusedWord(typed="catt", nearest="cat")], used=True
            ),
        ),
        packs=PACKS,
    ),
    "lobby_own_guest": Scene(
        (race("lobby", 2, you=1, round=0, number=0, settings=RoomSettings(own=OWN)),),
        packs=PACKS,
    ),
    "lobby_quick": Scene((race("lobby", 2, kind="quick", left=4_800, total=5_000, round=0),)),
    "lobby_alone": Scene((race("lobby", 1, kind="quick", seats=seats(1), round=0),)),
    "lobby_watching": Scene((race("lobby", 8, you=None, round=0, number=0, watchers=2),)),
    "lobby_sit": Scene((race("lobby", 3, you=None, round=0, number=0, watchers=1),)),
    "race_countdown": Scene((race("countdown", 3, left=2_950, total=3_000),)),
    "race_cold": drawing(3, "cat", 0.3, 0.08),
    "race_warm": drawing(2, "bicycle", 1, 0.71),
    "race_waiting": Scene(
        (*drawing(3, "cat", 0.3, 0.08).messages, Problem(code="waiting", text="")),
        said("problems.waiting"),
    ),
    "race_8": drawing(8, "tree", 0.6, 0.4),
    "race_guessed": drawing(
        3, "house", 1, 0.97, seats=seats(3, milliseconds={0: 4_120.0}, points={0: 5})
    ),
    "race_bell": Scene(
        (
            *drawing(3, "cat", 0.6, 0.3).messages,
            race("settling", 3, word="cat", strokes=strokes("cat", 0.6)),
        ),
    ),
    "race_reveal_2": reveal(2, "house"),
    "race_reveal_3": reveal(3, "cat"),
    "race_reveal_8": reveal(8, "bicycle"),
    "race_podium": podium(3),
    "race_podium_8": podium(
        8, 0, Reaction(seat=1, reaction="fire"), GameKept(challenge="challenge0")
    ),
    "race_series": in_series(4, 2),
    "race_series_8": in_series(8, 2),
    "race_series_over": in_series(3, 3),
    "watch_3": watched(3, "cat"),
    "watch_8": watched(8, "bicycle"),
    "lobby_teams": Scene((race("lobby", 5, you=1, round=0, number=0, **in_teams(5)),)),
    "race_teams": drawing(4, "tree", 0.6, 0.4, team_points=(8.0, 5.5), **in_teams(4)),
    "watch_teams": watched(6, "bicycle", team_points=(8.0, 5.5), **in_teams(6)),
    "reveal_teams": seen_by(1, reveal(4, "cat"), team_points=(8.0, 5.5), **in_teams(4)),
    "podium_teams": podium(4, 1, team_points=(20.0, 14.0), **in_teams(4)),
    "lobby_30": Scene((race("lobby", 30, you=1, round=0, number=0, settings=CLASS),)),
    "race_30": drawing(30, "tree", 0.6, 0.4, settings=CLASS),
    "race_finish_30": won_and_watching(30, "house"),
    "watch_30": watched(30, "bicycle", settings=CLASS),
    "reveal_30": seen_by(None, reveal(30, "bicycle")),
    "podium_30": podium(30, 3),
    "watch_hidden": watched(8, "tree", settings=RoomSettings(live=False)),
    "watch_countdown": Scene((race("countdown", 3, you=None, left=2_950, total=3_000),)),
    "watch_joins": seen_by(2, drawing(3, "cat", 0.3, 0.2), seats=seats(3, joins={2: True})),
    "watch_reveal": seen_by(None, reveal(3, "cat")),
    "watch_podium": seen_by(None, podium(3)),
    "race_reported": reported(reveal(3, "cat")),
    "race_ghost": drawing(
        2, "fish", 0.6, 0.4, kind="ghost", seats=seats(2, ghost={1: True}, delay={1: None})
    ),
    "race_own_bell": reveal_of_nobody(3, "cake"),
    "race_leaving": Scene(
        drawing(3, "cat", 0.3, 0.08).messages,
        lambda page: page.locator(".brand").click(),
    ),
    "challenge_won": podium(2, 0, GameKept(challenge="challenge0"), ghost=1, kind="challenge"),
    "challenge_lost": podium(2, 1, GameKept(challenge="challenge0"), ghost=0, kind="challenge"),
    "daily_podium": podium(1, 0, GameKept(challenge="challenge0", rank=3, of=17), kind="daily"),
    "replay_end": Scene(
        (HOME,), lambda page: scrub(page, 9_000), {"/replays/a": REPLAY}, "?replay=a"
    ),
    "replay": Scene((HOME,), scrub, {"/replays/abc": REPLAY}, "?replay=abc"),
    "boards": Scene((HOME,), press("boards"), {"/boards": BOARD}),
    "boards_empty": Scene((HOME,), press("boards"), {"/boards": Board(span="today", rows=[])}),
    "boards_words": Scene((HOME,), best_of_words, {"/boards": BEST}),
    "daily": Scene(
        (HOME,),
        press("daily"),
        {"/daily": DailyInfo(date="2026-11-21", words=5, left=7.5 * 3_600_000)},
    ),
    "daily_done": Scene(
        (HOME,),
        press("daily"),
        {
            "/daily": DailyInfo(
                date="2026-11-21", words=5, left=7.5 * 3_600_000, done=True, rank=3, of=17
            )
        },
    ),
    "challenge": Scene(
        (HOME,),
        lambda page: page.locator(".challenge:not([hidden])").wait_for(),
        {"/challenges/challenge0": CHALLENGE},
        "?challenge=challenge0",
    ),
    "statistics_none": Scene((HOME,), press("statistics")),
    "statistics": Scene((HOME,), see_statistics),
    "laboratory": Scene((HOME,), read_findings),
    "privacy": Scene((HOME,), press("privacy")),
    "privacy_sure": Scene((HOME,), ask_to_forget),
    "unknown_room": error_dialog("unknown_room"),
    "room_full": error_dialog("room_full"),
    "too_many_tries": error_dialog("too_many_tries"),
    "kicked": error_dialog("kicked"),
    "room_lost": error_dialog("room_lost"),
    "drawing_gone": error_dialog("unknown"),
    "daily_again": error_dialog("daily_done"),
    "replaced": error_dialog("replaced", State(stage="drawing", mode="practise", round=1)),
    "showdown": Scene(
        (
            State(stage="drawing", mode="showdown", round=1, word="bird", strokes=strokes("bird")),
            ShowdownState(round=1, frame=5, models=OTHERS),
        ),
        models=MODELS,
    ),
}
