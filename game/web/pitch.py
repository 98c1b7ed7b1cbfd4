"""What the game is, in a line: for previews of links and for the pages of sites."""

from game.rules.modes import MODES, SECOND

SPRINT = f"{(MODES['sprint'].game_time or 0) / SECOND:.0f} seconds. How many words?"
PITCH = f"Draw, and an AI guesses while the marker still moves. {SPRINT}"
