"""What SECURITY.md says: experiments run code of their folder, and nothing else that is read does."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
# the places that run a file of a user, and the lazy imports of our own modules
RUNS_CODE = {
    "experiments/load.py": {"exec_module"},
    "__init__.py": {"import_module"},
    "runs/__init__.py": {"import_module"},
    "engine/failure.py": {"compile", "eval"},  # an operation of the model's own that failed, once more
    "engine/folder.py": {"exec_module", "import_module"},  # the equations of an economy that the user names
    "engine/on_arithmetic.py": {"compile", "exec"},  # the text of an equation, with our functions in it
    # the text of an equation, on units in place of numbers
    "engine/on_units.py": {"compile", "eval", "exec"},
}
FORBIDDEN = {"eval", "exec", "compile", "exec_module", "import_module", "__import__", "run_path"}
MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "shelve", "marshal", "yaml", "runpy", "code"}


def calls(tree: ast.AST) -> set[str]:
    """Names of functions that a module calls, and of those methods that run code."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute) and node.func.attr not in ("compile", "eval"):
                found.add(node.func.attr)  # re.compile and the like run nothing
    return found


def test_only_experiments_run_code_of_a_file() -> None:
    package = ROOT / "planmodel"
    for file in sorted(package.rglob("*.py")):
        found = calls(ast.parse(file.read_text(encoding="utf-8"))) & FORBIDDEN
        assert found == RUNS_CODE.get(str(file.relative_to(package)), set()), file


def test_nothing_is_unpickled() -> None:
    for file in sorted((ROOT / "planmodel").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
                assert module.partition(".")[0] not in MODULES, file
            if isinstance(node, ast.keyword):
                refused = isinstance(node.value, ast.Constant) and node.value.value is False
                assert node.arg != "allow_pickle" or refused, file
