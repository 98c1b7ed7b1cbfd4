"""A report's parts, and the same report as Markdown and as one self-contained HTML page."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #FAF6EC; color: #1D1D22; line-height: 1.55;
  font: 17px/1.55 "Source Serif 4", "Charter", "Georgia", "DejaVu Serif", serif; }
li { overflow-wrap: anywhere; }
main { max-width: 52rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 2.8rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { margin: .5rem 0; }
.verdict { border-left: 5px solid #FF5A36; background: #FFFDF7; padding: .9rem 1.2rem;
  margin: 1.4rem 0; border-radius: 0 6px 6px 0; }
.verdict p { margin: .35rem 0; overflow-wrap: anywhere; }
.verdict p:first-child { font-size: 1.15rem; line-height: 1.45; }
details { margin: .8rem 0; border-top: 1px solid #E8E1D0; }
summary { cursor: pointer; padding: .7rem 0; font-weight: 600; min-height: 1.5rem; }
ul { padding-left: 1.2rem; margin: .5rem 0; }
figure { margin: 1.2rem 0; background: white; padding: 1rem; border-radius: 6px;
  box-shadow: 0 0 0 1px #E8E1D0; }
figure img { width: 100%; min-width: 34rem; height: auto; display: block; }
figure.narrow img { min-width: 0; max-width: 34rem; margin: 0 auto; }
figcaption, .note, .caption { font-size: .86rem; color: #5A5750; }
.caption { margin: 1.4rem 0 .4rem; }
.wide { overflow-x: auto; margin-bottom: .6rem; }
table { border-collapse: collapse;
  font: .84rem/1.4 "Inter", "Helvetica Neue", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; width: 100%; }
thead th { border-top: 2px solid #1D1D22; border-bottom: 1px solid #1D1D22; }
tbody tr:last-child td { border-bottom: 2px solid #1D1D22; }
th, td { text-align: right; padding: .32rem .55rem; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; vertical-align: bottom; white-space: normal; }
.text { text-align: left; }
td.long { white-space: normal; min-width: 14rem; }
pre { background: #FFFDF7; box-shadow: 0 0 0 1px #E8E1D0; border-radius: 6px; padding: .8rem 1rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .82rem; }
code { font-family: "JetBrains Mono", "DejaVu Sans Mono", monospace; }
@media (max-width: 40rem) { main { padding: 1.6rem 1rem 3rem; } h1 { font-size: 1.35rem; }
  body { font-size: 16px; } figure { padding: .7rem; } .verdict { padding: .5rem .8rem; } }
@media print { body { background: white; } figure, table, .verdict { break-inside: avoid; }
  figure img { min-width: 0; } .wide { overflow: visible; } }
"""
LONG = 30  # characters; longer cells may be broken into lines


@dataclass(frozen=True)
class Title:
    """A heading; depth 1 is the title of the report."""

    text: str
    depth: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph; in small print if `note`."""

    text: str
    note: bool = False


@dataclass(frozen=True)
class Points:
    """A list; set off as the report's answer if `verdict`."""

    lines: Sequence[str]
    verdict: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text under headers; the first column names the row."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Plot:
    """An SVG with a file name and a caption; `narrow` if it fits the width of a phone."""

    name: str
    svg: str
    caption: str
    narrow: bool = False


@dataclass(frozen=True)
class Commands:
    """Commands, as typed."""

    text: str


@dataclass(frozen=True)
class Fold:
    """A folded section with a title that opens it."""

    title: str
    parts: Sequence["Block"]


Block = Title | Text | Points | Table | Plot | Commands | Fold


def plots(parts: Sequence[Block]) -> list[Plot]:
    """The plots outside folded sections, which Markdown shows from files."""
    return [part for part in parts if isinstance(part, Plot)]


def markdown(parts: Sequence[Block], figures: str) -> str:
    """The report as Markdown, with its plots in the folder `figures` beside it."""
    return "\n\n".join(_markdown(part, figures) for part in parts) + "\n"


def _markdown(part: Block, figures: str) -> str:
    match part:
        case Title(text, depth):
            return f"{'#' * depth} {text}"
        case Text(text):
            return text
        case Points(lines, verdict):
            if verdict:
                return "\n>\n".join(f"> {line}" for line in lines)
            return "\n".join(f"- {line}" for line in lines)
        case Table(caption, headers, rows):
            rule = ["---" if text else "---:" for text in _text_columns(rows, len(headers))]
            lines = (_row(row) for row in (headers, rule, *rows))
            return f"{caption}\n\n" + "\n".join(lines)
        case Plot(name, _, caption, _):
            return f"![{caption}]({figures}/{name}.svg)"
        case Commands(text):
            return f"```\n{text}\n```"
        case Fold(title, parts):
            inner = markdown([_without_plot(part) for part in parts], figures)
            return f"<details>\n<summary>{escape(title)}</summary>\n\n{inner}\n</details>"


def _without_plot(part: Block) -> Block:
    """Replace a folded plot by its caption, to keep few figure files; the HTML page shows it."""
    if not isinstance(part, Plot):
        return part
    return Text(f"*Figure, in the report.html that `--report-only` writes: {part.caption}*")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def html(parts: Sequence[Block], title: str) -> str:
    """The report as one self-contained HTML page."""
    body = "\n".join(map(_html, parts))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(part: Block) -> str:
    match part:
        case Title(text, depth):
            return f"<h{depth}>{escape(text)}</h{depth}>"
        case Text(text, note):
            return f"<p{' class=note' if note else ''}>{escape(text)}</p>"
        case Points(lines, verdict):
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            if not verdict:
                return f"<ul>{items}</ul>"
            return f"<div class=verdict>{''.join(f'<p>{escape(line)}</p>' for line in lines)}</div>"
        case Table(caption, headers, rows):
            kinds = _text_columns(rows, len(headers))
            head = "".join(
                f'<th scope="col"{" class=text" if text else ""}>{escape(cell)}</th>'
                for cell, text in zip(headers, kinds, strict=True)
            )
            body = "".join(f"<tr>{''.join(map(_cell, row, kinds))}</tr>" for row in rows)
            return (
                f"<p class=caption>{escape(caption)}</p>"
                f'<div class=wide tabindex=0><table aria-label="{escape(caption)}">'
                f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
            )
        case Plot(_, svg, caption, narrow):
            data = base64.b64encode(svg.encode()).decode()
            return (
                f"<figure{' class=narrow' * narrow}><div class=wide tabindex=0>"
                f'<img alt="{escape(caption)}" '
                f'src="data:image/svg+xml;base64,{data}"></div>'
                f"<figcaption>{escape(caption)}</figcaption></figure>"
            )
        case Commands(text):
            return f"<pre><code>{escape(text)}</code></pre>"
        case Fold(title, parts):
            inner = "\n".join(map(_html, parts))
            return f"<details><summary>{escape(title)}</summary>\n{inner}\n</details>"


def _text_columns(rows: Sequence[Sequence[str]], count: int) -> list[bool]:
    """Which columns hold words instead of numbers; the first one always does."""
    columns = ("".join(row[column] for row in rows) for column in range(count))
    letters = (sum(map(str.isalpha, text)) > len(text) / 2 for text in columns)
    return [place == 0 or words for place, words in enumerate(letters)]


def _cell(text: str, words: bool) -> str:
    kind = f' class="text{" long" * (len(text) > LONG)}"' if words else ""
    return f"<td{kind}>{escape(text)}</td>"
