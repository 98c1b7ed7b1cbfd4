"""`python -m game.bot`: lets bots join a room and draw."""

from game.bot.player import Options, main
from models.command import run

if __name__ == "__main__":
    run(Options, main)
