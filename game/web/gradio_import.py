"""Imports what the page needs of Gradio, in half the time: no type stubs are written.

Gradio writes a .pyi file beside the source of each of its components, and of ours, even where the
file is there already. Nothing reads them here, and a folder of packages may be read-only.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

MODULE, FUNCTION = "gradio.component_meta", "create_or_modify_pyi"


class _Finder(MetaPathFinder):
    """Finds only the module that writes the stubs."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == MODULE else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Loads that module, and leaves out its writing."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, FUNCTION):
            setattr(module, FUNCTION, _write_nothing)


def _write_nothing(component: type, name: str, events: object) -> None:
    """Stands in for Gradio's function of the same arguments."""


_finder = _Finder()
sys.meta_path.insert(0, _finder)
try:
    import gradio as gr
    from gradio.themes import Base
finally:
    sys.meta_path.remove(_finder)

__all__ = ["Base", "gr"]
