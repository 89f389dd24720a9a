"""h10: an ensemble that lost a chunk says so on the screen and as attributes, whatever its manifest says."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

from planmodel.runs import open_ensemble, run_ensemble
from planmodel.runs.files import chunk_files

SEVEN = """\
scenario = "one_country"
until = 1929-12-31
seed = 1
members = 7
design = "lhs"

[vary]
"parameters.cropping.seed_rate" = {}

[keep]
frequency = "annual"
variables = ["grain_harvest", "cattle"]
"""


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    (tmp_path / "seven.toml").write_text(SEVEN, encoding="utf-8")
    run_ensemble(tmp_path / "seven.toml", tmp_path / "out", chunk=3)
    chunk_files(tmp_path / "out")[1].path.unlink()
    return tmp_path


def test_it_is_said_on_the_screen(partial: Path) -> None:
    answer = planmodel("ensemble", "summary", str(partial / "out"), "--table")
    assert answer.status == 0
    assert "4 of 7 members: median, 5 % and 95 %, record" in " ".join(answer.out.split())
    assert answer.err == (
        "note: 4 of 7 members: 3 are missing (3 to 5): the command of the ensemble, given again, "
        "runs what is missing\n"
    )
    assert planmodel("report", str(partial / "out")).status == 0
    page = (partial / "out" / "report.html").read_text(encoding="utf-8")
    assert "4 of 7 members are here" in page
    assert "3 are missing (3 to 5)" in page
    assert "No member failed" not in page


def test_it_is_an_attribute_and_is_mended(partial: Path) -> None:
    out = partial / "out"
    wanted = {"members_asked": 7, "members_done": 4, "members_failed": 0, "members_missing": "3 to 5"}
    with open_ensemble(out) as dataset:
        assert {name: dataset.attrs[name] for name in wanted} == wanted

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ensemble(partial / "seven.toml", out, progress=stop)
    assert json.loads((out / "manifest.json").read_text())["finished"] is None  # it is no longer
    assert run_ensemble(partial / "seven.toml", out).run == 3
    with open_ensemble(out) as dataset:
        assert dataset.attrs["members_done"] == 7
    assert json.loads((out / "manifest.json").read_text())["finished"] is not None
