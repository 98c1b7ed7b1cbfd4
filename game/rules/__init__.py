"""The rules of solo games and races. Pure: no module here reads a clock or does I/O."""
