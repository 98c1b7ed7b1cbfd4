"""Which published model serves where none is named, and where published models stand."""

from pathlib import Path

PUBLISHED = Path(__file__).with_name("published")
DEFAULT = "classic-b0"
