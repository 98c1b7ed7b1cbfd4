"""Side-by-side measurements: each prints a ratio and how it was obtained, and writes a result file.

    DOODLE_DATA_DIR=./data python -m benchmarks.raster
    python -m benchmarks.classifier
    python -m benchmarks.page
    python -m benchmarks.training

The result files are `benchmarks/results/<name>.json`. The figures in README.md and docs/ come from
them.
"""
