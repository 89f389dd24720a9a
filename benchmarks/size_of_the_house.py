"""How large the project is, room by room, and which room stands on which: ``make size``.

Lines are lines of Python that are neither empty nor comments nor docstrings. A room is a folder or module
directly within the package, each economy one of its own; it stands on what it imports, within functions too,
but for types alone. A floor is the longest way down from a room.
"""

from __future__ import annotations

import ast
import csv
import graphlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "planmodel"
ECONOMIES = "economies"


def lines_of(file: Path) -> int:
    """Return how many lines of a module are code."""
    text = file.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            first = node.body[0]
            told |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate((line.strip() for line in text.splitlines()), start=1)
    return sum(bool(line) and not line.startswith("#") and at not in told for at, line in lines)


def room_of(file: Path) -> str:
    """Return the room in which a module stands."""
    inner = file.relative_to(PACKAGE).with_suffix("").parts
    return "/".join(inner[:2]) if inner[0] == ECONOMIES and len(inner) > 2 else inner[0]


def imports(file: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, but those for types alone."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def stands_on(file: Path) -> Iterator[str]:
    """Yield the rooms that a module imports from, its own left out."""
    for name in imports(file):
        first, *rest = name.split(".")
        if first != "planmodel":
            continue
        for length in range(len(rest), 0, -1):  # the last part may be a name within a module
            place = PACKAGE.joinpath(*rest[:length])
            if place.is_dir() or place.with_suffix(".py").is_file():
                room = room_of(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
                if room != room_of(file):
                    yield room
                break


def floors(below: dict[str, set[str]]) -> tuple[dict[str, int], list[str]]:
    """Return the floor of each room, or a circle of rooms if there is one."""
    try:
        order = list(graphlib.TopologicalSorter(below).static_order())
    except graphlib.CycleError as error:
        return {}, list(error.args[1])
    floor: dict[str, int] = {}
    for room in order:
        floor[room] = 1 + max((floor[other] for other in below[room]), default=-1)
    return floor, []


def main() -> None:
    """Print rooms, floors, sizes and the longest modules."""
    modules = [file for file in sorted(PACKAGE.rglob("*.py")) if room_of(file) != "__init__"]
    size = {file: lines_of(file) for file in modules}
    lines: Counter[str] = Counter()
    below: dict[str, set[str]] = defaultdict(set)
    for file in modules:
        lines[room_of(file)] += size[file]
        below[room_of(file)] |= set(stands_on(file))
    files = Counter(map(room_of, modules))
    floor, circle = floors(below)
    print(f"{'room':28} {'floor':>5} {'files':>5} {'lines':>7}  stands on")
    for room in sorted(lines, key=lambda r: (-floor.get(r, 0), r)):
        on = ", ".join(sorted(below[room]))
        print(f"{room:28} {floor.get(room, '-'):>5} {files[room]:>5} {lines[room]:>7,}  {on}")
    everything = lines.total()
    equations = sum(count for room, count in lines.items() if room.startswith(ECONOMIES))
    tables = PACKAGE.glob(f"{ECONOMIES}/*/*.csv")
    rows = sum(len(list(csv.reader(file.read_text(encoding="utf-8").splitlines()))) - 1 for file in tables)
    tests = sum(map(lines_of, (ROOT / "tests").rglob("*.py")))
    print(
        f"\n{everything:,} lines in {len(modules)} modules; {len(lines)} rooms on "
        f"{1 + max(floor.values(), default=0)} floors; circle: {' -> '.join(circle) or 'none'}\n"
        f"equations: {equations:,} lines, {equations / everything:.0%} of all, "
        f"{equations / (equations + lines['engine']):.0%} of engine and equations; tables: {rows:,} rows\n"
        f"tests: {tests:,} lines\n\nlongest modules"
    )
    for file in sorted(modules, key=lambda f: -size[f])[:8]:
        print(f"{size[file]:>7,}  {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
