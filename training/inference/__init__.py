"""Running networks: logits, cached features, their cost, and exported graphs."""
