"""The one trainer that interprets a strategy, and the folder of a finished run."""
