"""The page in Gradio: one component of full width, without Gradio's own header and footer.

`mount` adds it to a FastAPI app, with title, colours and favicon; `build` only makes the Blocks.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI

from game.web import TITLE
from game.web.first_paint import PLACE, TABLE_DARK, TABLE_LIGHT, adopt
from game.web.gradio_import import Base, gr
from game.web.pad import FOLDER


class Pad(gr.HTML):
    """The game, which runs already (`game.web.first_paint`). It has no Gradio value."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            html_template=PLACE,
            js_on_load=adopt(),
            apply_default_css=False,
            padding=False,
            container=False,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """Empty: the component has no input and output, so it is not in the page's API."""
        return {}


def build() -> gr.Blocks:
    """Blocks that contain only the sketch pad."""
    with gr.Blocks(title=TITLE, fill_width=True, analytics_enabled=False) as blocks:
        Pad(elem_id="pad")
    return blocks


def theme() -> Base:
    """Colours to show until our own styles are loaded. No font is loaded from another server."""
    return Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]).set(
        body_background_fill=TABLE_LIGHT,
        body_background_fill_dark=TABLE_DARK,
        body_text_color="#1D1D22",
        body_text_color_dark="#F3EFE6",
    )


def mount(app: FastAPI, path: str = "/", root_path: str | None = None) -> FastAPI:
    """Mount the page on `app`; its static files must be served under `path` + `pad/`."""
    return gr.mount_gradio_app(
        app,
        build(),
        path=path,
        root_path=root_path,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        favicon_path=str(favicon()),
        theme=theme(),
    )


def favicon() -> Path:
    """The page's icon, an SVG."""
    return FOLDER / "favicon.svg"
