"""Models: words, drawings, rasteriser and classifier, shared by `training` and `game`."""

import os

# ONNX Runtime sends telemetry to Microsoft unless this is set before its import.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
