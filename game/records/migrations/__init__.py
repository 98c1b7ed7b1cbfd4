"""Steps from each version of the tables to the next; `game.records.database` takes them all."""
