"""`python -m game.bot`: lets bots join a room and draw."""

from functools import partial

from game.bot.player import Options, main
from models.command import run

console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
