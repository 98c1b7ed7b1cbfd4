"""Where people race each other: rooms, who sits in them, and their races one after the other."""
