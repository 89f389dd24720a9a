"""The core of six packages: what runs without the extras, and the line that names the one that is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from planmodel.extras import EXTRA

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BLOCKED = f"""
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        blocked = name.partition(".")[0] in {sorted(EXTRA)!r}
        return None if blocked else self.finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.finder, name)

sys.meta_path[:] = map(Without, sys.meta_path)
"""
CORE = """
from datetime import date
from pathlib import Path
import planmodel as pm

base = pm.run(pm.load("one_country").until(date(1928, 12, 31)))
poor = pm.run(base.scenario.with_(weather={1928: -0.2}))
table = pm.table(base, poor, names=["grain_harvest", "steel"], years=[1928])
table.to_csv("t.csv"), table.to_latex("t.tex"), base.to_stata("t.dta"), base._repr_html_()
for name in ("t.parquet", "t.xlsx"):
    try:
        table.to(name)
    except pm.UserError as error:
        print(error)
try:
    base.plot("steel")
except pm.UserError as error:
    print(error)
print(Path(pm.__file__).parent, len(pm.record.series("steel")) > 3, sorted(p.name for p in Path().iterdir()))
"""
SAID = [
    "a Parquet file needs the package pyarrow; allowed: pip install 'planmodel[io]'",
    "an Excel file needs the package openpyxl; allowed: pip install 'planmodel[io]'",
    "a figure needs the package matplotlib; allowed: pip install 'planmodel[plot]'",
]


def run(code: str, cwd: Path, package: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-W", "ignore", "-c", BLOCKED + code]
    about = os.environ | {"PYTHONPATH": str(package), "PLANMODEL_ENGINE": "numpy"}
    return subprocess.run(words, cwd=cwd, env=about, capture_output=True, text=True)


def test_the_core_is_six_packages_and_extras_are_named() -> None:
    names = [line.partition(">")[0] for line in PROJECT["dependencies"]]
    assert names == ["simpy", "numpy", "scipy", "pandas", "xarray", "pydantic"]
    extras = PROJECT["optional-dependencies"]
    assert {"cli", "plot", "study", "cluster", "io", "explore", "all"} <= set(extras)
    declared = {extra: {line.partition(">")[0].lower() for line in extras[extra]} for extra in extras}
    called = {"PIL": "pillow", "tomli_w": "tomli-w"}
    for package, extra in EXTRA.items():
        assert called.get(package, package).lower() in declared[extra], package
    assert extras["all"] == ["planmodel[cli,plot,study,cluster,io,explore,fast]"]


def test_importing_the_package_imports_no_library() -> None:
    code = (
        "import sys, planmodel; print(sorted({n.partition('.')[0] for n in sys.modules} & set(sys.argv[1:])))"
    )
    heavy = ["numpy", "pandas", "xarray", "pydantic", "simpy", "scipy", *EXTRA]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_wheel_runs_in_an_empty_folder_without_the_extras(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(CORE, empty, tmp_path / "site")
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    assert said == SAID
    assert last == f"{tmp_path / 'site' / 'planmodel'} True ['t.csv', 't.dta', 't.tex']"


def test_the_command_without_its_extra_says_so_in_a_line(tmp_path: Path) -> None:
    done = run("from planmodel.__main__ import main; main()", tmp_path, ROOT)
    said = "error: the command needs the package typer; allowed: pip install 'planmodel[cli]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
