"""The names that options and strategies choose from.

It imports nothing heavy, so that a command's options are parsed quickly.
"""

from typing import Literal

NetworkName = Literal["b0", "small", "cnn", "mobilenet", "resnet18"]
StemWeights = Literal["summed", "random", "repeated"]
RecipeName = Literal["torchvision", "tensorflow"]
CompileMode = Literal["eager", "compiled", "captured"]
BatchNorm = Literal["own", "shared", "still"]
EngineName = Literal["local", "ray"]
Split = Literal["train", "validation", "test"]
DownloadForm = Literal["bitmaps", "strokes", "simplified", "raw"]
GraphForm = Literal["float", "int8"]

BLOCKS = 16  # of B0; other networks have more or fewer
GROUPS = ("stem", *(f"block{i}" for i in range(BLOCKS)), "top", "head")  # of parameters
