"""`python -m game.bot`: a program sits down in a room and draws."""

from game.bot.player import Options, main
from models.command import run

if __name__ == "__main__":
    run(Options, main)
