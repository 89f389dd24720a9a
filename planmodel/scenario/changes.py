"""Changes on top of a scenario, by dotted key: from the command line, a file or Python."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from planmodel.engine.errors import UserError
from planmodel.scenario.origins import dotted
from planmodel.scenario.toml import DEEPEST, is_too_deep


def as_tree(changes: Mapping[str, Any], switch_off: Iterable[str] = ()) -> dict[str, Any]:
    """Return changes by dotted key as a tree; refuse what is said twice."""
    said = dotted(changes)
    for switch in switch_off:
        key = f"switches.{switch}"
        if key in said:
            raise UserError(f"{key}: is set and switched off; allowed: one of the two")
        said[key] = False
    changed: dict[str, Any] = {}
    for key, value in said.items():
        _set(changed, key, value)
    return changed


def _set(tree: dict[str, Any], key: str, value: Any) -> None:
    """Set a value by its dotted key."""
    *tables, last = key.split(".")
    if len(tables) > DEEPEST or is_too_deep(value):
        raise UserError(f"{key}: nested too deeply; allowed: up to {DEEPEST} tables within tables")
    if key == "extends":
        raise UserError("extends: cannot be changed; allowed: in a file, or another scenario to start from")
    for i, table in enumerate(tables):
        tree = tree.setdefault(table, {})
        if not isinstance(tree, dict):
            raise UserError(f"{key}: '{'.'.join(tables[: i + 1])}' was set to a value, not a table")
    tree[last] = value


def parse_changes(texts: Iterable[str]) -> dict[str, Any]:
    """Read the ``key=value`` of the command line.

    Raises
    ------
    UserError
        If one is not of this form, or a key is given twice.
    """
    changes: dict[str, Any] = {}
    for text in texts:
        key, value = parse_change(text)
        if key in changes:
            raise UserError(f"--set {text}: {key} is given twice; allowed: once")
        changes[key] = value
    return changes


def parse_change(text: str) -> tuple[str, Any]:
    """Read ``key=value`` of the command line; the value as in TOML."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UserError(
            f"--set {text}: allowed: key=value, such as parameters.draught.tractor_utilisation=0.6"
        )
    try:
        return key.strip(), tomllib.loads(f"value = {value.strip()}")["value"]
    except (ValueError, RecursionError):
        return key.strip(), value.strip()
