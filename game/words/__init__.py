"""The words of the game: their names in the page's languages, packs of them, a host's own list."""
