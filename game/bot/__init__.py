"""A player that is a program: a client of the protocol in `game.messages` like any other."""
