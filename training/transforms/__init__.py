"""Drawings changed, cut off, rendered, traced from bitmaps, or made up."""
