"""The page: its markup, style and script, and the Gradio component around them."""

TITLE = "Doodle Race"
PITCH = "Draw, and an AI guesses while the marker still moves. Sixty seconds. How many words?"
