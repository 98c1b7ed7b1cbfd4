"""Entry point of the Hugging Face Space: the game with its default model, on the Space's port."""

from game.server import Options, main

if __name__ == "__main__":
    main(Options(host="0.0.0.0"))
