"""The texts of functions as trees: a module is parsed once for all of its functions."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from planmodel.engine.errors import DeclarationError


def parsed(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, with the lines of its file: to be read, or copied before it is changed.

    Raises
    ------
    DeclarationError
        If the text is not there.
    """
    code = function.__code__
    found = _functions(code.co_filename, function.__globals__).get(code.co_firstlineno)
    if found is None or found.name != function.__name__:
        raise DeclarationError(
            f"{code.co_filename}:{code.co_firstlineno}: the text of the function is missing"
        )
    return found


_FUNCTIONS: dict[str, tuple[list[str], dict[int, ast.FunctionDef]]] = {}  # by file, with the lines it had


def _functions(file: str, space: dict[str, Any]) -> dict[int, ast.FunctionDef]:
    """Return the functions of a module by the line on which they, or their decorators, begin."""
    linecache.checkcache(file)
    lines = linecache.getlines(file, space)  # the same list while the file is the same
    known = _FUNCTIONS.get(file)
    if known is None or known[0] is not lines:
        tree = ast.parse("".join(lines))
        nodes = (node for node in _statements(tree.body) if isinstance(node, ast.FunctionDef))
        found = {min([node.lineno, *(d.lineno for d in node.decorator_list)]): node for node in nodes}
        known = _FUNCTIONS[file] = lines, found
    return known[1]


def _statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield statements and those within them; expressions, of which there are most, hold none."""
    for node in nodes:
        yield node
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from _statements(getattr(node, name, ()))
