"""The page: its markup, style and script, and the Gradio component around them."""

TITLE = "Doodle Race"
