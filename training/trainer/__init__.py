"""The trainer that carries out any strategy, and the folder of a finished run."""
