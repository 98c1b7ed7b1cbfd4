"""Writes the game as a folder of files that plays without a server.

python -m game.static_site site
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from game.static_site.registry import default_registry
from models.command import run


@dataclass(frozen=True)
class Options:
    """Write the game as a folder of files that any web server, however plain, can serve.

    Sprint, Quick Six, Practise and races against ghosts play wholly in the browser: onnxruntime-web
    guesses there, with a published model. After the first visit the page plays without a line too,
    and can be installed like an app. Rooms, boards and the daily need python -m game.server.

    onnxruntime-web comes from the npm registry once, and is kept. To look at the result:

      python -m game.static_site site
      python -m http.server --directory site 8000

    As a static Space, which is free for everyone:

      hf upload ada/doodle-race site . --repo-type space
    """

    out: Annotated[Path, tyro.conf.Positional]
    """Folder to write; one that exists must be empty, or be such a site, which is then replaced."""
    model: str | None = None
    """Name of the published model that guesses; without it, the one with the smallest file."""
    url: str | None = None
    """Where the site will be served, such as https://example.org/doodle/; links to it then show a
    picture everywhere, as most messengers want its whole address."""
    registry: str = field(default_factory=default_registry)
    """npm registry that has onnxruntime-web; without it the variable NPM_CONFIG_REGISTRY, else the
    public one."""
    runtime: Path | None = None
    """The package of onnxruntime-web as a file, for machines that reach no registry."""


def main(options: Options) -> None:
    """Write the folder, and say how to serve it.

    Raises:
        UserError: when the folder is in use, or the model or onnxruntime-web cannot be had.
    """
    from game.static_site import runtime, site

    site.check_target(options.out)
    model = options.model or site.smallest()
    package = runtime.read(options.runtime) if options.runtime else runtime.fetch(options.registry)
    written = site.write(options.out, model, package, url=options.url)
    print(f"{options.out}: {written.files} files, {written.size / 1e6:.1f} MB, guesses by {model}")
    print(f"To look at it: python -m http.server --directory {options.out} 8000")


if __name__ == "__main__":
    run(Options, main)
