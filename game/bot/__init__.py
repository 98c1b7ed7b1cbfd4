"""Bots: programs that play the game as ordinary clients of the protocol in `game.messages`."""
