"""The default published models and the folder of published models."""

from pathlib import Path

PUBLISHED = Path(__file__).with_name("published")
DEFAULT = "classic-b0"  # of the laboratory
SERVED = "words-b0"  # of the game
