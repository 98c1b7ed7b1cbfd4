"""Entry point of the Hugging Face Space: the game with its default model, on the Space's port."""

from dataclasses import dataclass

from game.server import Options, main
from models.command import run


@dataclass(frozen=True)
class Space(Options):
    """Serve the game as a Space is served."""

    host: str = "0.0.0.0"
    proxies: str = "127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"  # it is behind one


if __name__ == "__main__":
    run(Space, main)
