"""What is imported is declared, so that an installation with the declared packages alone runs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"planmodel"}
PEERS = (ROOT / "benchmarks" / "requirements.in").read_text(encoding="utf-8").splitlines()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*lists: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~;\[ ]", line)[0]) for lines in lists for line in lines}


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield top-level names that the files of a folder import from elsewhere, each with its file."""
    files = sorted(folder.rglob("*.py"))
    near = [*files, *(ROOT / "benchmarks").rglob("*.py")] if folder.name == "tests" else files
    local = {file.stem for file in near} if folder.name != "planmodel" else set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in OURS | local:
                    yield top, str(file.relative_to(ROOT))


@pytest.mark.parametrize(
    ("folder", "dev"),
    [("planmodel", False), ("experiments", False), ("tests", True), ("benchmarks", True), ("docs", True)],
)
def test_what_is_imported_is_declared(folder: str, dev: bool) -> None:
    extras = PROJECT["optional-dependencies"]
    allowed = declared(PROJECT["dependencies"], extras["fast"], extras["study"], extras["dev"] if dev else [])
    if folder == "benchmarks":  # the other tools have an environment of their own
        allowed |= declared([line for line in PEERS if not line.startswith("#")])
    provided = packages_distributions()
    found = dict(imports(ROOT / folder))
    assert "numpy" in found
    for name, file in found.items():
        packages = {normal(package) for package in provided.get(name, [name])}
        assert packages & allowed, f"{file} imports {name}, of {packages}: not declared in pyproject.toml"


def test_every_requirement_has_a_lowest_version() -> None:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for line in (line for lines in lists for line in lines):
        assert re.fullmatch(r"[A-Za-z0-9_.-]+>=\d+(\.\d+)*", line), line
