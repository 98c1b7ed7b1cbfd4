"""The words of the game: their names in the page's languages, word packs, and own word lists."""
