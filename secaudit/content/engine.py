"""The engine of CEL by itself: ``import cel`` brings a command line and a toolkit for terminals (docs/adr/0019).

The engine is the extension ``cel.cel``; whoever imports ``cel`` afterwards finds the same one.
"""

import importlib
import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["cel"]


def _engine() -> ModuleType:
    """The extension alone; the whole package where it is built another way."""
    package = sys.modules.get("cel") or find_spec("cel")
    places = getattr(package, "submodule_search_locations", None)
    spec = PathFinder.find_spec("cel.cel", places) if places else None
    if spec is None or spec.loader is None:
        return importlib.import_module("cel")
    engine = sys.modules["cel.cel"] = module_from_spec(spec)
    spec.loader.exec_module(engine)
    return engine


if TYPE_CHECKING:
    import cel
else:
    cel = _engine()
