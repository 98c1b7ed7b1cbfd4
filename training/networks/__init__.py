"""Networks for 28×28 drawings, the foreign weights that fit them, and what they answer."""
