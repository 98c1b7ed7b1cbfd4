"""Which npm registry is asked for onnxruntime-web."""

import os

REGISTRY = "https://registry.npmjs.org"


def default_registry() -> str:
    """The variable NPM_CONFIG_REGISTRY, which npm itself heeds, else npm's own registry."""
    return os.environ.get("NPM_CONFIG_REGISTRY") or REGISTRY
