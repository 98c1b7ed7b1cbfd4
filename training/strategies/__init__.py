"""Ways of training as plain data: phases, settings, the catalogue."""
