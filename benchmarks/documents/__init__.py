"""The parts of README.md and docs/ that `benchmarks.figures` writes."""
