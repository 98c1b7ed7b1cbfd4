"""Side-by-side measurements: each prints a ratio and how it was obtained, and writes a result file.

    DOODLE_DATA_DIR=./data python -m benchmarks.raster
    python -m benchmarks.classifier
    python -m benchmarks.page
    python -m benchmarks.training

The result files are `benchmarks/results/<name>.json`. The figures in README.md and docs/ come from
them. Every module beside this one is a command; `tools` holds what they share and the alternatives
that they measure against, `documents` the generated parts of README.md and docs/.
"""
