"""Rooms and solo games: connections, the hub that routes messages, members, and races."""
