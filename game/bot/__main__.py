"""`python -m game.bot`: lets bots join a room and draw."""

from functools import partial

from game.bot.options import Options
from models.command import UserError, run


def main(options: Options) -> None:
    """Let the bots play.

    Raises:
        UserError: the options are not valid, or the game cannot be reached.
    """
    options.check()
    import asyncio

    from game.bot.player import play
    from models.proxies import require_usable

    require_usable()
    try:
        asyncio.run(play(options))
    except* UserError as errors:
        raise errors.exceptions[0] from None


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
