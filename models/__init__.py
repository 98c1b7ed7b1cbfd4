"""What a model is: words, drawings, rasteriser, classifier. Shared by `training` and `game`."""

import os

# ONNX Runtime reports its use to Microsoft unless told not to before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
