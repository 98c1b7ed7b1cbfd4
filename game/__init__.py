"""The game: a page with a sketch pad, and the server that keeps the time and judges drawings."""
