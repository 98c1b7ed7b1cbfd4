"""The judge, which turns drawings into probabilities, and what decides when a pad is judged."""
