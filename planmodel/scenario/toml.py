"""Reading a TOML file, with errors that a user understands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planmodel.engine.errors import UserError

DEEPEST = 32  # tables within tables


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError(f"{path}: not a text file in UTF-8") from None
    except RecursionError:
        raise UserError(f"{path}: not valid TOML: nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise UserError(f"{path}: not valid TOML: {str(error).partition(';')[0]}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if is_too_deep(tree):
        raise UserError(f"{path}: nested too deeply; allowed: up to {DEEPEST} tables within tables")
    return tree


def is_too_deep(tree: Any) -> bool:
    """Tell whether tables and lists are nested deeper than any key needs, or any of our functions goes."""
    inside, depth = [tree], 0
    while inside and depth <= DEEPEST:
        nested = [value for value in inside if isinstance(value, Mapping | list)]
        inside = [v for one in nested for v in (one.values() if isinstance(one, Mapping) else one)]
        depth += 1
    return bool(inside)
