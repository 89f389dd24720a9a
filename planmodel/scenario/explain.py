"""One clear line for each thing that is wrong in a configuration: file, key, value, what is allowed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from planmodel.scenario.names import hint

_SHOWN = 5
_LONG = 60
_TYPES = {
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date such as 1930-03-02, without quotation marks and without time",
    "string_type": "text in quotation marks",
    "model_type": "a table",
    "dict_type": "a table",
    "list_type": 'a list such as ["official"]',
    "finite_number": "a finite number",
    "string_too_short": "text of {min_length} characters or more",
    "too_short": "a list of {min_length} or more",
}
_PATTERNS = {
    "name": "letters, digits, - and _ (where no name is given, that of the file is taken)",
    "calibration": "what planmodel calibrate wrote, a name and a hash; or leave it out",
    "decrees": "a name of small letters, digits and _",
    "rivals": "a name of letters, digits and _",
    "values": "a year such as 1931, or a day such as 1931-07-01",
}


class Layer(NamedTuple):
    """One of the sources that a scenario is laid together from: a file, or changes on top of it.

    ``kind`` says what its values are: those of a ``base`` (the ready scenario that an economy starts from, or
    the best point of a fit) stand until something better is known of them; a ``scenario`` that is laid over
    it, and a ``change`` on top of that, say what the user wants to be so. ``name`` is short for the label.
    """

    label: str
    tree: Mapping[str, Any]
    kind: Literal["base", "scenario", "change"] = "scenario"
    name: str = ""


def explain(error: ValidationError, layers: Sequence[Layer], schema: type[BaseModel]) -> str:
    """Turn a validation error into lines that a user can act on.

    Parameters
    ----------
    error
        What pydantic found.
    layers
        What was read, the topmost last; each line names the one that says what is wrong.
    schema
        The model that found the error.
    """
    problems = error.errors(include_url=False)
    misnamed = {p["loc"][:-1] for p in problems if p["loc"][-1:] == ("[key]",)}
    kept = [p for p in problems if p["loc"][:-1] not in misnamed or p["loc"][-1] == "[key]"]
    lines = [_line(p, layers, schema) for p in kept]
    more = len(lines) - _SHOWN
    return "\n".join(lines[:_SHOWN]) + (f"\n{layers[-1].label}: and {more} more" if more > 0 else "")


def attributed(text: str, layers: Sequence[Layer]) -> str:
    """Put before a message that begins with a dotted key the file that says this key."""
    return f"{_origin(text.partition(': ')[0].split('.'), layers)}: {_one_line(text)}"


def shown(value: object, longest: int = _LONG) -> str:
    """Return a value as a user would write it in TOML, cut off where it is too long for a line."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, list):
        text = f"[{', '.join(shown(item, longest) for item in value)}]"
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, int) and abs(value) > 10**_LONG:
        text = "a number of more than 60 digits"
    else:
        text = str(value)
    return text if len(text) <= longest else f"{text[:longest]}..."


def _line(problem: Any, layers: Sequence[Layer], schema: type[BaseModel]) -> str:
    path = [str(part) for part in problem["loc"]]
    kind, value, context = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == "value_error":  # a check of our own; it may begin with a key within the table
        table, text = ".".join(path), str(context["error"])
        return attributed(f"{table}{'' if not table or text[0] == '.' else ': '}{text}", layers)
    if kind == "missing":
        key = ".".join(path)
        more = ', or extend a scenario that has it: extends = "baseline"' if path[0] == "exogenous" else ""
        return f"{_origin(path[:-1], layers)}: {key}: missing; this key is required{more}"
    if path[-1] == "[key]":
        path.pop()
    key = ".".join(path)
    text = _sentence(path, kind, value, context, schema)
    return f"{_origin(path, layers)}: {_one_line(key)}: {_one_line(text)}"


def _one_line(text: str) -> str:
    """Write control characters, which TOML allows in quoted keys and texts, as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _sentence(
    path: list[str], kind: str, value: object, context: Mapping[str, Any], schema: type[BaseModel]
) -> str:
    if kind == "extra_forbidden":
        return f"unknown key{hint(path[-1], _fields(path[:-1], schema))}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{shown(value)} is out of bounds; allowed: {_bounds(path, context, schema)}"
    if kind in _TYPES:
        return f"{shown(value)} is not valid; allowed: {_TYPES[kind].format(**context)}"
    if kind == "string_pattern_mismatch":
        what = path[-1] if path[-1] in _PATTERNS else path[-2]
        return f"{shown(value)} is not valid; allowed: {_PATTERNS.get(what, context['pattern'])}"
    if kind == "literal_error":
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"{shown(value)} is not valid; allowed: {', '.join(shown(word) for word in words)}"
    return f"{shown(value)} is not valid"


def _origin(path: Sequence[str], layers: Sequence[Layer]) -> str:
    """Name the topmost layer that says a key, or the table nearest above it."""
    for length in range(len(path), 0, -1):
        for layer in reversed(layers):
            if says(layer.tree, path[:length]):
                return layer.label
    return layers[-1].label


def says(tree: Any, path: Sequence[str]) -> bool:
    """Tell whether a tree has a value, or a table, at a path."""
    for key in path:
        if not isinstance(tree, Mapping) or key not in tree:
            return False
        tree = tree[key]
    return True


def _table(path: Sequence[str], schema: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model that checks the table at a path; None if there is none."""
    kind: Any = schema
    for part in path:
        if _is_model(kind):
            kind = kind.model_fields[part].annotation if part in kind.model_fields else None
        else:  # a table with names of the user's own, such as decrees
            kind = (get_args(kind) or (None,))[-1]
        if not _is_model(kind):  # of `X | None` take X
            options = [a for a in get_args(kind) if a is not type(None)]
            kind = options[0] if len(options) == 1 else kind
    return kind if _is_model(kind) else None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields(path: Sequence[str], schema: type[BaseModel]) -> list[str]:
    """Return the keys that are allowed in a table."""
    table = _table(path, schema)
    own = list(table.model_fields) if table is not None else []
    return ["extends", *own] if "decrees" in schema.model_fields and not path else own


def _bounds(path: Sequence[str], context: Mapping[str, Any], schema: type[BaseModel]) -> str:
    """Return both bounds of a field, though pydantic names only the one that is broken."""
    low, high = context.get("ge"), context.get("le")
    table = _table(path[:-1], schema)
    field = table.model_fields.get(path[-1]) if table is not None else None
    for item in field.metadata if field is not None else ():
        low, high = getattr(item, "ge", low), getattr(item, "le", high)
    if low is not None and high is not None:
        return f"{_plain(low)} to {_plain(high)}"
    return f"at least {_plain(low)}" if high is None else f"at most {_plain(high)}"


def _plain(limit: Any) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit)
