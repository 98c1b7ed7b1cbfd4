"""The game: a page with a sketch pad, and the server that owns clock, drawing and verdict."""
