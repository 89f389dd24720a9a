"""The programs that write pages, as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"


def program(name: str) -> ModuleType:
    """Return a program of the pages by name: it finds its neighbours as when it is run, we do not."""
    found = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module  # dataclasses look their module up
    before = list(sys.path)
    sys.path.insert(0, str(DOCS))
    try:
        found.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module
