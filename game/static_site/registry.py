"""The npm registry from which onnxruntime-web is downloaded."""

import os

REGISTRY = "https://registry.npmjs.org"


def default_registry() -> str:
    """The variable NPM_CONFIG_REGISTRY, which npm uses as well, else npm's public registry."""
    return os.environ.get("NPM_CONFIG_REGISTRY") or REGISTRY
