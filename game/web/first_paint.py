"""What the page shows before Gradio's own scripts have arrived: the game itself, ready to play.

The served HTML holds the game's markup, its styles and a script that starts it; only then are
Gradio's scripts and styles loaded. When Gradio has built its page, the component of
`game.web.screen` moves the running game into its place, unless somebody is drawing or typing: then
it waits until they have finished.
"""

import json
import re
from collections.abc import Callable

from game.web.pad import entry, head, markup
from game.words.languages import languages

ID = "first"  # of the element that holds the game until Gradio has come
TABLE_LIGHT, TABLE_DARK = "#E9DFCB", "#26211B"
# These are the static site's as well.
HEAD = f"""<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="{TABLE_LIGHT}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="{TABLE_DARK}" media="(prefers-color-scheme: dark)">
<link rel="icon" type="image/svg+xml" href="pad/favicon.svg">"""
# Shows the page dark where the system is, or as `?__theme=` asks, which Spaces add.
_DRESS = """
const dark = matchMedia("(prefers-color-scheme: dark)");
const asked = new URLSearchParams(location.search).get("__theme");
const isDark = () => asked === "dark" || (asked !== "light" && dark.matches);
const dress = () => document.documentElement.classList.toggle("dark", isDark());
dark.addEventListener("change", dress);
dress();
"""
# Speaks the language that was chosen on this page before, else the first of the browser's that the
# page has, else English; its file is on its way before the scripts that need it.
_SPEAK = """
const spoken = CODES;
const chosen = () => { try { return localStorage.getItem("language") } catch { return null } };
const wanted = [chosen(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
const code = wanted.find((tag) => spoken.includes(tag)) ?? "en";
document.documentElement.lang = code;
document.head.append(Object.assign(document.createElement("link"), {
  rel: "preload", as: "fetch", crossOrigin: "", href: `pad/languages/${code}.json`,
}));
"""
HIDE = """<style>
#ID ~ gradio-app { display: none !important }
</style>"""
START = """<script type="module">
const element = document.getElementById("ID");
const failed = element.querySelector("[data-failed]");
const late = setTimeout(() => { failed.hidden = false; }, 20000);
const load = ([tag, attributes]) =>
  document.head.append(Object.assign(document.createElement(tag), attributes));
import(new URL("ENTRY", document.baseURI))
  .then((main) => main.start(element))
  .then(() => { failed.hidden = true; })
  .catch((error) => {
    failed.hidden = false;
    console.warn("the sketch pad could not start", error);
  })
  .finally(() => {
    clearTimeout(late);
    LATER.forEach(load);
  });
</script>"""
# Run by Gradio with its component's `element`.
ADOPT = """
const first = document.getElementById("ID");
const game = first.querySelector(".dr");
document.documentElement.lang = game.lang;  // Gradio has set its own
const busy = ({ activeElement }) =>
  game.dataset.stage === "drawing" ||
  game.querySelector("dialog[open]") !== null ||  // moved, it would no longer lie above the page
  (game.contains(activeElement) && activeElement.matches("input, textarea"));
const adopt = () => {
  const place = element.querySelector("[data-place]");
  if (busy(document) || !place) return !place;
  const { activeElement } = document;
  place.replaceWith(...first.childNodes);
  first.remove();
  if (game.contains(activeElement)) activeElement.focus({ preventScroll: true });
  return true;
};
if (!adopt()) {
  const again = () => {
    if (!adopt()) return;
    watch.disconnect();
    game.removeEventListener("focusout", later);
  };
  const later = () => setTimeout(again);
  const watch = new MutationObserver(again);
  watch.observe(game, { attributeFilter: ["data-stage"] });
  game.addEventListener("focusout", later);
}
"""
PLACE = "<div data-place></div>"

_BODY = re.compile(r"<body[^>]*>")
_SCRIPT = re.compile(r"""<script type="module"[^>]* src="([^"]+)"></script>\s*""")
_VIEWPORT = re.compile(r"""<meta\s+name="viewport"[^>]*>\s*""")  # Gradio's forbids zooming
_STYLE = re.compile(r"""<link rel="stylesheet"[^>]* href="([^"]+)">\s*""")


def prepare() -> str:
    """A script for the head that chooses the page's look and language.

    It stands before all style sheets, because the browser runs no script while one above it is on
    its way.
    """
    speak = _SPEAK.replace("CODES", json.dumps(list(languages())))
    return f"<script>\n{{{_DRESS}}}\n{{{speak}}}\n</script>"


def game_first() -> Callable[[str], tuple[str, str]]:
    """A function that puts the game at the beginning of the body of Gradio's HTML.

    The game's files are read here, once, and not for every visitor. Gradio's modules and style
    sheets are taken out of the head: the game loads them when it has started, so that nobody waits
    for them. The function returns the HTML, and tags that belong into its head.
    """
    tags = f"{HEAD}\n{prepare()}\n{head()}\n{HIDE.replace('ID', ID)}"
    start = START.replace("ID", ID).replace("ENTRY", entry())
    game = f'<main id="{ID}">{markup()}</main>'

    def put(html: str) -> tuple[str, str]:
        styles = [["link", _later(rel="stylesheet", href=href)] for href in _STYLE.findall(html)]
        scripts = [["script", _later(type="module", src=src)] for src in _SCRIPT.findall(html)]
        begin = start.replace("LATER", json.dumps(styles + scripts))
        html = _VIEWPORT.sub("", _STYLE.sub("", _SCRIPT.sub("", html)))
        return _BODY.sub(lambda body: f"{body[0]}\n{game}\n{begin}", html, count=1), tags

    return put


def _later(**attributes: str) -> dict[str, str]:
    return {"crossOrigin": "", **attributes}


def adopt() -> str:
    """The script that moves the running game into Gradio's component."""
    return ADOPT.replace("ID", ID)
