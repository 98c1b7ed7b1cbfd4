"""Those who are connected: their sockets, names and limits, and what they are told."""
