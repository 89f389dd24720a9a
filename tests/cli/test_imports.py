"""What a command does not use it does not import: start-up is mostly that of libraries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from planmodel.cli import app

DRAWING = {"matplotlib", "PIL"}
FAR = {"dask", "distributed", "SALib", "emcee", "pint", "h5py", "h5netcdf", "psutil", "jinja2", "scipy.stats",
       "scipy.optimize", "scipy.sparse", "scipy.special"}  # fmt: skip
TABLES = {"numpy", "pandas", "xarray", "scipy", "simpy", "planmodel.engine", "planmodel.scenario"}


def words() -> list[list[str]]:
    """Return the words of every command, also of those within others."""
    found: list[list[str]] = [[]]
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found += [[name], *([name, below] for below in getattr(command, "commands", ()))]
    return found


def imported(code: str, *arguments: str) -> set[str]:
    """Return what is imported when some code in a process of its own says so, on standard error."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return set(names)


def test_help_of_every_command_imports_none_of_it() -> None:
    code = """
import contextlib, io, json, sys
from planmodel.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["planmodel", *words, "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
        main()
    assert "Usage: planmodel" in shown.getvalue(), words
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    found = imported(code, json.dumps(words()))
    assert "planmodel.cli.run" in found
    assert found & (DRAWING | FAR | TABLES) == set()


@pytest.mark.parametrize("scenario", ["baseline", "kuzbass"])
def test_a_run_has_shown_its_table_before_it_imports_more_than_it_needs(
    scenario: str, tmp_path: Path
) -> None:
    code = """
import json, sys
import planmodel.report.folder as module
from planmodel.cli import main
def told(*given):
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
    sys.exit()
module.write_folder = told
sys.argv = ["planmodel", "run", sys.argv[1], "--until", "1929-12-31", "--out", sys.argv[2]]
main()
"""
    found = imported(code, scenario, str(tmp_path / "out"))
    assert "planmodel.runs.history" in found
    assert "planmodel.report.screen" in found
    assert found & (DRAWING | FAR) == set()
