"""Hugging Face Spaces: what one consists of, and the Hub that it is sent to."""
