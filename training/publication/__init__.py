"""Publication: a trained network's graph, card, page and upload."""
