"""The laboratory: from drawings to trained, measured and published models."""
