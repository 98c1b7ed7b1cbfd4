"""Writes the game as a folder of files that can be played without a server.

python -m game.static_site site
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from game.operations.addresses import site_address
from game.static_site.registry import default_registry
from models.command import run


@dataclass(frozen=True)
class Options:
    """Write the game as a folder of files that any plain web server can serve.

    Sprint, Quick Six, Practise and races against ghosts run completely in the browser, where
    onnxruntime-web guesses with a published model. After the first visit the page also works
    offline, and can be installed like an app. Rooms, boards and the daily need python -m
    game.server.

    onnxruntime-web is downloaded from the npm registry once, and then kept. To look at the result:

      python -m game.static_site site
      python -m http.server --directory site 8000

    As a static Space, which is free for everyone:

      hf upload ada/doodle-race site . --repo-type space
    """

    out: Annotated[Path, tyro.conf.Positional]
    """Folder to write. If it exists, it must be empty or hold such a site, which is replaced."""
    model: str | None = None
    """Name of the published model that guesses. Default: of those with a file of at most 2 MB, the
    one with the most words to ask for."""
    url: str | None = None
    """Address at which the site will be served, such as https://example.org/doodle/. It is needed
    for pictures of links, because most messengers require the full address of a picture."""
    registry: str = field(default_factory=default_registry)
    """npm registry for onnxruntime-web. Default: the variable NPM_CONFIG_REGISTRY, else the public
    registry."""
    runtime: Path | None = None
    """File with the package of onnxruntime-web, for machines without access to a registry."""


def main(options: Options) -> None:
    """Write the folder, and print how to serve it.

    Raises:
        UserError: if the folder holds something else, the address is none, or the model or
            onnxruntime-web is missing.
    """
    from game.static_site import runtime, site

    url = site_address("--url", options.url) if options.url else None
    site.check_target(options.out)
    model = options.model or site.for_browsers()
    package = runtime.read(options.runtime) if options.runtime else runtime.fetch(options.registry)
    written = site.write(options.out, model, package, url=url)
    print(f"{options.out}: {written.files} files, {written.size / 1e6:.1f} MB, guesses by {model}")
    print(f"To look at it: python -m http.server --directory {options.out} 8000")


if __name__ == "__main__":
    run(Options, main)
