"""The game as a folder of files that plays without a server: alone and against ghosts.

The page is `game.web.pad` with stand-ins laid over it (`pad/`): the rules in JavaScript say what
the server would, and a network in a Web Worker guesses. `python -m game.static_site --help` tells
more.
"""
