"""The game as a folder of files that can be played without a server: alone and against ghosts.

The page is `game.web.pad`, in which files of `pad/` replace those that need a server: the rules in
JavaScript do the server's work, and a network in a Web Worker guesses. See `python -m
game.static_site --help` for more.
"""
