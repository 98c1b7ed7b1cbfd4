"""Rows of the table of figures in the README, each from one result file or the model's card."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from game.messages import CLASS_SEATS, MAX_SEATS
from models import shelf

Figures = dict[str, Any]
"""The content of a result file."""
Row = tuple[str, str, str]
"""The name of the measure, our figure, and the figure for comparison."""


def of_model(card: shelf.Card, models: Path) -> list[Row]:
    """Rows about the published model, compared with the other published models of its words."""
    test = card.metrics["test"]
    bitmaps, strokes, wins = test["bitmaps"], test["rasters"], test["wins"]
    counts: dict[str, int] = strokes["n"]
    drawings = sum(counts.values())
    commonest = sorted(counts, key=lambda word: -counts[word])[:2]
    share = sum(counts[word] for word in commonest) / drawings
    won = sum(counts[word] * true for word, true in wins["true_by_word"].items()) / drawings
    partial = (f"{test['partial'][ink]['top1']:.1%}" for ink in ("25%", "50%", "75%", "100%"))
    return [
        (
            "right on Google's bitmaps, of ten words",
            f"{bitmaps['top1']:.2%}",
            f"{bitmaps['n']:,} drawings{_others(models)}",
        ),
        (
            "right on strokes rasterised here, after 25, 50, 75, 100 % of the ink",
            ", ".join(partial),
            f"{drawings:,} drawings, {share:.0%} of them of {' and '.join(commonest)}",
        ),
        (
            "stroke drawings that win their word",
            f"{won:.1%}",
            f"{wins['false']:.2%} of (drawing, wrong word) pairs win",
        ),
        (
            "calibration error",
            f"{bitmaps['calibration_error']:.1%}",
            f"{bitmaps['calibration_error_uncalibrated']:.1%} before temperature",
        ),
    ]


def of_many_words(models: Path) -> list[Row]:
    """Rows of each published model that the game asks for some of its words."""
    cards = [shelf.read_card(name, models) for name in shelf.names(models)]
    return [row for card in cards if card.playable for row in _playable(card)]


def _playable(card: shelf.Card) -> list[Row]:
    found = card.metrics["test"]["playable"]
    return [
        (
            f"words that the game asks for, of the {len(card.words)} that `{card.name}` knows",
            f"{len(card.playable)}",
            f"test drawings: {found['wins']:.1%} win their word (people's strokes at each tenth of "
            "their ink where a word has enough of them, else finished bitmaps), "
            f"{found['false_wins']:.2%} of (drawing, wrong word) pairs win",
        ),
        (
            f"first guess of `{card.name}` right on Google's bitmaps, mean over those words",
            f"{found['top1']:.1%}",
            f"of all {len(card.words)} words; among the first three {found['top3']:.1%}; of those "
            f"words alone {found['top1_playable']:.1%}",
        ),
    ]


def _others(models: Path) -> str:
    """The other published models of the same words, in a few words."""
    own = shelf.read_card(shelf.DEFAULT, models).words
    cards = [shelf.read_card(name, models) for name in shelf.names(models)]
    return "".join(
        f"; `{card.name}`, {card.parameters:,} parameters: "
        f"{card.metrics['test']['bitmaps']['top1']:.2%}"
        for card in cards
        if card.name != shelf.DEFAULT and card.words == own
    )


def _raster(found: Figures) -> list[Row]:
    pairs, one = found["fidelity"]["pillow"], found["speed"]["one"]
    return [
        (
            "raster against Google's own, mean correlation",
            f"{pairs['ours']['mean_correlation']:.4f}",
            f"{pairs['pairs']} pairs, found by Pillow's raster: "
            f"{pairs['pillow']['mean_correlation']:.4f}",
        ),
        (
            f"raster of {found['speed']['points']} points",
            f"{one['ours']['median_ms']:.2f} ms",
            f"Pillow {one['pillow']['median_ms']:.2f} ms, {one['ratio']:.1f}×",
        ),
    ]


def _classifier(found: Figures) -> list[Row]:
    one, start = found["batches"]["1"], found["start"]
    return [
        (
            "one guess, one thread",
            f"{one['ours']['median_ms']:.1f} ms",
            f"eager efficientnet-pytorch {one['eager']['median_ms']:.1f} ms, "
            f"{one['ratio']['eager']:.1f}×",
        ),
        (
            "from process start to first guess",
            f"{start['ours']['median_ms'] / 1000:.1f} s, {start['ours']['resident_mib']:.0f} MiB",
            f"eager {start['eager']['median_ms'] / 1000:.1f} s, "
            f"{start['eager']['resident_mib']:.0f} MiB",
        ),
        *_costs(found),
    ]


def _costs(found: Figures) -> list[Row]:
    """The cost of a guess by each published model, beside that of the one measured above."""
    one, eight = found["models"]["1"], found["models"]["8"]
    base = found["model"]
    return [
        (
            f"one guess by `{name}`, one thread; one of eight judged together",
            f"{one[name]['median_ms']:.2f} ms; {eight[name]['median_ms'] / 8:.2f} ms",
            f"`{base}` {one[base]['median_ms']:.2f} ms, {one[name]['times']:.1f}×; "
            f"{eight[base]['median_ms'] / 8:.2f} ms, {eight[name]['times']:.1f}×",
        )
        for name in one
        if name != base
    ]


def _narrow(found: Figures) -> list[Row]:
    """The same on a processor of narrower vectors, as the cheapest machines to host on have."""
    one, eager = found["models"]["1"], found["batches"]["1"]["eager"]
    return [
        (
            f"one guess on a processor with {found['evidence']['vectors']} at most, one thread",
            ", ".join(f"`{name}` {each['median_ms']:.2f} ms" for name, each in one.items()),
            f"eager efficientnet-pytorch {eager['median_ms']:.1f} ms",
        )
    ]


def _page(found: Figures) -> list[Row]:
    ours, stock, asked = (
        found["ours"]["shown"],
        found["stock"]["shown"],
        found["stock"]["asked"],
    )
    return [
        (
            "pointer event to guess shown in Chromium (95 %)",
            f"{ours['median_ms']:.0f} ms ({ours['p95_ms']:.0f})",
            f"stock `gr.Sketchpad` page, from pen up: {stock['median_ms']:.0f} ms "
            f"({stock['p95_ms']:.0f}), {found['ratio_shown']:.0f}×; from its first request: "
            f"{asked['median_ms']:.0f} ms, {found['ratio_asked']:.0f}×",
        ),
        (
            "guesses a second while the pen is down",
            f"{found['ours']['guesses_per_second']:.1f}",
            f"stock page {found['stock']['guesses_per_second']:.2f}",
        ),
    ]


def _serving(found: Figures) -> list[Row]:
    ours, stock = found["ours"], found["stock"]
    return [
        (
            "ink received to guess sent, one player",
            f"{ours['one_player']['median_ms']:.1f} ms",
            f"stock page {stock['one_player']['median_ms']:.0f} ms, "
            f"{found['ratio_one_player']:.0f}×",
        ),
        (
            f"guesses a second, {found['players']} players at once",
            f"{ours['guesses_per_second']:.0f}",
            f"stock page {stock['guesses_per_second']:.0f}, {found['ratio_guesses']:.0f}×",
        ),
        (
            "server's start to its first guess, to its whole page",
            _started(ours["start"]),
            f"stock page {_started(stock['start'])}",
        ),
    ]


def _started(start: Figures) -> str:
    return f"{start['first_guess_s']:.1f} s, {start['page_s']:.1f} s; {start['memory_mib']:.0f} MiB"


def _race(found: Figures) -> list[Row]:
    return [_raced("ink to guess", found)]


def _race_narrow(found: Figures) -> list[Row]:
    """The same on a processor of narrower vectors."""
    vectors = found["evidence"]["vectors"]
    return [_raced(f"ink to guess on a processor with {vectors} at most", found)]


def _raced(what: str, found: Figures) -> Row:
    waits, settled = found["ink_to_guess"], found["ink_to_guess_settled"]
    memory = found["memory_mib"]
    return (
        f"{what}, {found['players']} bots racing in {found['rooms']} rooms on the same "
        "cores (99 %)",
        _wait(waits),
        f"after the first 20 s, in which everyone draws at once, {_wait(settled)}; "
        f"by {found['model']}; {found['points']:,} points, {found['dropped']} dropped, "
        f"{found['wrong']} wrong; "
        f"memory {memory['start']:.0f} to {memory['end']:.0f} MiB in "
        f"{found['seconds']:.0f} s{_growth(found)}",
    )


def _growth(found: Figures) -> str:
    """How fast memory grows after the first race, where that was measured."""
    slope = found.get("memory_mib_a_minute", {}).get("after_first_race")
    return "" if slope is None else f", after the first race {slope:+.1f} MiB a minute"


def _kept(found: Figures) -> list[Row]:
    taken = found["bytes_a_drawing"]
    return [
        (
            "memory of a drawing that a room keeps until its next race",
            f"{taken['packed'] / 1e3:.1f} kB",
            f"as objects {taken['messages'] / 1e3:.1f} kB, {found['ratio']:.0f}×",
        )
    ]


def _class_room(found: Figures) -> list[Row]:
    few, many = (found[f"seats_{seats}"] for seats in (MAX_SEATS, CLASS_SEATS))
    return [
        (
            f"one room of {many['players']} racing bots and a watcher: ink to guess (99 %), and "
            "the server's share of a core",
            f"{_wait(many['ink_to_guess'])}, {many['cores_busy']['server']:.0%}",
            f"a room of {few['players']}: {_wait(few['ink_to_guess'])}, "
            f"{few['cores_busy']['server']:.0%}",
        )
    ]


def _wait(waits: Figures) -> str:
    return f"{waits['median_ms']:.0f} ms ({waits['p99_ms']:.0f})"


def _throttled(found: Figures) -> list[Row]:
    rows = {(row["cores"], row["lease"]): row for row in found["rows"]}
    return [
        (
            f"how often the lease of a replica with {cores:g} of a core expired{_from(found)}: at "
            f"its start, in {found['seconds']:.0f} s of races; ink to guess (99 %)",
            _leases(rows[cores, "growing"]),
            f"a lease that does not grow: {_leases(rows[cores, 'fixed'])}",
        )
        for cores in dict.fromkeys(row["cores"] for row in found["rows"])
    ]


def _from(found: Figures) -> str:
    """The first length of the leases, where it is not the game's own."""
    return f", {found['lease_s']:g} s at first" if "lease_s" in found else ""


def _leases(row: Figures) -> str:
    return f"{row['leases_expired_at_start']}, {row['leases_expired']}; {_wait(row)}"


def _overhead(found: Figures) -> list[Row]:
    now, plain = found["now"], found["asyncio"]
    return [
        (
            "the server's processor time a guess, without the judge",
            f"{now['ms_a_guess']:.2f} ms",
            f"on Python's own event loop {plain['ms_a_guess']:.2f} ms",
        )
    ]


def _first_visit(found: Figures) -> list[Row]:
    now, before = found["bundle"], found["before"]
    return [
        (
            "a first visit: requests, and kilobytes (ours)",
            f"{now['requests']}, {now['kilobytes']:.0f} ({now['our_kilobytes']:.0f})",
            f"as single files: {before['requests']}, {before['kilobytes']:.0f} "
            f"({before['our_kilobytes']:.0f})",
        )
    ]


def _static_site(found: Figures) -> list[Row]:
    sent, plain, engine = found["compressing"], found["plain"], found["engine_mb"]
    return [
        (
            "the static site's first visit, until its first guess",
            f"{sent['first_guess_mb']:.2f} MB from a host that compresses, "
            f"{plain['first_guess_mb']:.2f} MB from one that does not",
            f"with onnxruntime-web as it comes {_as_it_comes(plain, engine):.1f} MB from the "
            "latter",
        )
    ]


def _as_it_comes(plain: Figures, engine: Figures) -> float:
    """Megabytes that a plain host would send if the engine were not kept compressed."""
    return plain["first_guess_mb"] - engine["site"] + engine["package"]


def _largest_paint(found: Figures) -> list[Row]:
    ours, stock, static = (found[page] for page in ("ours", "stock", "static"))
    return [
        (
            "largest paint on a slow phone, and when the page can be played",
            _painted(ours),
            f"stock `gr.Sketchpad` page {_painted(stock)}; the static site {_painted(static)}",
        )
    ]


def _painted(page: Figures) -> str:
    return f"{page['largest_paint'] / 1000:.1f} s, {page['playable'] / 1000:.1f} s"


def _kills(found: Figures) -> list[Row]:
    return [
        (
            f"results told as saved by {found['kills']} servers that were killed, and still there",
            f"{found['found']:,} of {found['saved']:,}, {found['doubled']} twice",
            f"database well, {', '.join(kind for kind in found['kinds'] if kind != 'well')}; of "
            f"{found['waiting']} told as waiting the next start stored {found['waiting_found']}",
        )
    ]


def _killed_servers(found: Figures) -> list[Row]:
    told, lost = found["rounds"] + found["games"], found["lost"]
    return [
        (
            f"the same of {found['kills']} servers killed in the middle of games on WebSockets",
            f"{told - lost:,} of {told:,}, {found['twice']} twice",
            f"races, daily games, Sprints and Quick Sixes; database {', '.join(found['kinds'])}; "
            f"{found['games']} of the results are whole games",
        )
    ]


def _judge(found: Figures) -> list[Row]:
    contenders = found["contenders"]
    name = shelf.SERVED if shelf.SERVED in contenders else shelf.DEFAULT
    ours, peer = contenders[name], contenders["doodleNet"]
    return [
        (
            f"{name}, validation drawings of its {len(shelf.read_card(name).words)} words: right "
            "when finished, and after 25, 50, 75 % of the ink",
            _by_ink(ours),
            "doodleNet (345 words, learned from 45,000 drawings of each, probably these among "
            f"them) {_by_ink(peer)}",
        ),
        (
            "the same: true wins, mean over words, with surely at most 0.5 % false ones a pair",
            f"{ours['true_wins']:.1%}",
            f"doodleNet {peer['true_wins']:.1%}",
        ),
    ]


def _many_words(found: Figures) -> list[Row]:
    aims = found["aims"]
    return [row for name, of in found["models"].items() for row in _of_many(name, of, aims)]


def _of_many(name: str, of: Figures, aims: Figures) -> list[Row]:
    many, few, classic = of["many"], of["few"], of["classic"]
    peer = next(key for key in classic if key not in ("drawings", "top1"))
    return [
        (
            f"`{name}`, test bitmaps of the {many['words']} words with most drawings: right with "
            "the first guess, among the first three (mean over words)",
            f"{many['top1']:.1%}, {many['top3']:.1%}",
            f"aimed at: {aims['many_top1']:.0%}, {aims['many_top3']:.0%}; bitmaps of the words "
            f"that the game asks for, guessed among these: {of['playable']['top1']:.1%}, aimed at: "
            f"{aims['playable']:.0%}",
        ),
        (
            f"`{name}`, people's finished test drawings of {few['words']} words with few",
            f"{few['top1']:.1%} of {few['drawings']:,}",
            f"aimed at: {aims['few']:.0%}",
        ),
        (
            f"`{name}`, test bitmaps of the ten words, guessed among these",
            f"{classic['top1']:.2%}",
            f"`{peer}` {classic[peer]:.2%}; aimed at: at most {aims['classic_loss']:.1%} less",
        ),
    ]


def _by_ink(judge: Figures) -> str:
    """Accuracy on finished drawings and on partial ones."""
    shares = (judge["top1"], *map(judge["partial"].get, ("25%", "50%", "75%")))
    return ", ".join(f"{share:.1%}" for share in shares)


def _held_guess(found: Figures) -> list[Row]:
    return [
        (
            f"{name}, judged every 0.1 s while recorded hands draw: false wins a pair, true wins, "
            "median time",
            f"{_wins(of['game'])}, when a guess wins after {of['game']['hold_ms'] / 1000:g} s",
            "; ".join(
                f"after {rule['hold_ms'] / 1000:g} s"
                + (f", from {rule['lowest']:g} at least" if rule["lowest"] else "")
                + f": {_wins(rule)}"
                for rule in of["rules"]
                if rule["hold_ms"] in (100, 1500) and rule["lowest"] in (0, 0.2, 0.4)
            ),
        )
        for name, of in found["models"].items()
    ]


def _wins(rule: Figures) -> str:
    return f"{rule['false']:.2%}, {rule['true']:.1%}, {rule['seconds']:.1f} s"


def _training(found: Figures) -> list[Row]:
    where = {"cpu": "a CPU", "cuda": "a GPU"}[found["trained_on"]]
    return [
        (
            f"training on {where}, {name}" + (f", {side}" if side != "ours" else ""),
            f"{case[side]['images_per_second']:,.0f} images/s",
            f"plain recipe {case['plain']['images_per_second']:,.0f}, {times:.1f}×",
        )
        for name, case in found["cases"].items()
        for side, times in case["times_plain"].items()
    ]


def _help(found: Figures) -> list[Row]:
    commands, torch = found["commands"], found["torch"]
    seconds = sorted(each["s"] for each in commands.values())
    return [
        (
            f"`--help` of a command, the fastest and the slowest of {len(commands)}",
            f"{seconds[0]:.1f}, {seconds[-1]:.1f} s; at most "
            f"{max(each['mib'] for each in commands.values()):.0f} MiB",
            f"`import torch` alone {torch['s']:.1f} s, {torch['mib']:.0f} MiB, "
            f"{found['torch_to_slowest']:.0f}×",
        )
    ]


def _pace(found: Figures) -> list[Row]:
    return [
        (
            f"recorded hands that win within {found['limit_s']:.0f} s, of held-out drawings of the "
            f"{of['words']} words of {name}",
            f"{of['all']['won']:.1%} of {of['all']['drawings']}, after "
            f"{of['all']['seconds']['median']:.1f} s in the median "
            f"({of['all']['seconds']['low']:.1f} to {of['all']['seconds']['high']:.1f})",
            f"{of['all']['first_third']:.0%} with a third of their ink; "
            f"{of['glyphs']['winners']} of {of['glyphs']['shapes']} simple shapes win a word",
        )
        for name, of in found["models"].items()
    ]


SECTIONS: dict[str, Callable[[Figures], list[Row]]] = {
    "judge": _judge,
    "judge_words": _judge,
    "many_words": _many_words,
    "held_guess": _held_guess,
    "pace": _pace,
    "raster": _raster,
    "classifier": _classifier,
    "classifier_narrow": _narrow,
    "page": _page,
    "serving": _serving,
    "race": _race,
    "full_house": _race,
    "race_narrow": _race_narrow,
    "full_house_narrow": _race_narrow,
    "kept": _kept,
    "class_room": _class_room,
    "throttled": _throttled,
    "overhead": _overhead,
    "first_visit": _first_visit,
    "static_site": _static_site,
    "largest_paint": _largest_paint,
    "kills": _kills,
    "killed_servers": _killed_servers,
    "training": _training,
    "help": _help,
}
"""Functions that make rows, by the names of result files, in the order of the table."""
