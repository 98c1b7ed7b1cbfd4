"""The judge: drawings in, probabilities out, and when a pad is judged."""
