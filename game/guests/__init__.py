"""Guests: connected players, with their links, names, accounts and limits."""
