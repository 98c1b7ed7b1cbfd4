"""The default published model and the folder of published models."""

from pathlib import Path

PUBLISHED = Path(__file__).with_name("published")
DEFAULT = "classic-b0"
