"""What a public forge reads: the files parse, and the versions that are tried are those that are declared."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FORGE = ROOT / ".github"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FORMS = ("bug.yml", "figure.yml")
MINOR = "Programming Language :: Python :: 3."
SYSTEMS = {  # of classifiers, by what the forge calls their machines
    "ubuntu-latest": "Operating System :: POSIX :: Linux",
    "macos-latest": "Operating System :: MacOS",
    "windows-latest": "Operating System :: Microsoft :: Windows",
}


def read(place: str) -> Any:
    return yaml.safe_load((FORGE / place).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = read("workflows/tests.yml")["jobs"]
    return found


def minors() -> list[str]:
    """Return the versions of Python that the classifiers name."""
    named = [c.removeprefix(MINOR) for c in PROJECT["project"]["classifiers"] if c.startswith(MINOR)]
    return [f"3.{minor}" for minor in named]


def python_of(job: dict[str, Any]) -> str:
    """Return the one version of Python that a job sets up."""
    (version,) = {s["with"]["python-version"] for s in job["steps"] if "setup-python" in s.get("uses", "")}
    assert isinstance(version, str), "a number: 3.10 would be read as 3.1"
    return version


def test_all_files_of_yaml_parse() -> None:
    found = sorted(file.relative_to(FORGE).as_posix() for file in FORGE.rglob("*.y*ml"))
    assert found == ["ISSUE_TEMPLATE/bug.yml", "ISSUE_TEMPLATE/figure.yml", "workflows/tests.yml"]
    assert all(isinstance(read(place), dict) for place in found)


def test_the_matrix_is_what_the_project_declares(jobs: dict[str, Any]) -> None:
    matrix = jobs["locked"]["strategy"]["matrix"]
    assert matrix["python"] == minors()
    first = re.fullmatch(r">=(3\.\d+)", PROJECT["project"]["requires-python"])
    assert first is not None
    assert minors()[0] == first[1]
    numbers = [int(version.partition(".")[2]) for version in minors()]
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "a version is left out"
    declared = {c for c in PROJECT["project"]["classifiers"] if c.startswith("Operating System ::")}
    assert {SYSTEMS[name] for name in matrix["os"]} == declared
    assert jobs["wheel"]["strategy"]["matrix"]["os"] == matrix["os"]


def test_the_lowest_version_is_that_of_all_tools(jobs: dict[str, Any]) -> None:
    lowest, highest = minors()[0], minors()[-1]
    assert [python_of(jobs[name]) for name in ("make", "lowest", "wheel")] == [lowest] * 3
    assert python_of(jobs["latest"]) == highest
    assert PROJECT["tool"]["mypy"]["python_version"] == lowest
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{lowest.replace('.', '')}"
    assert f"--python-version {lowest} --universal" in (ROOT / "requirements.lock").read_text(
        encoding="utf-8"
    )


def test_jobs_call_what_is_there_and_may_not_write(jobs: dict[str, Any]) -> None:
    workflow = read("workflows/tests.yml")
    assert workflow["permissions"] == {"contents": "read"}
    lines = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    called = [line.removeprefix("make ") for line in lines if line.startswith("make ")]
    assert called == ["test", "minimum"]
    assert set(called) <= set(targets)
    extras = PROJECT["project"]["optional-dependencies"]
    for names in re.findall(r"\[([a-z,]+)\]", "\n".join(lines)):
        assert set(names.split(",")) <= set(extras)


@pytest.mark.parametrize("form", FORMS)
def test_forms_ask_for_what_a_report_needs(form: str) -> None:
    asked = read(f"ISSUE_TEMPLATE/{form}")
    assert {"name", "description", "labels", "body"} == set(asked)
    fields = [field for field in asked["body"] if field["type"] != "markdown"]
    names = [field["id"] for field in fields]
    assert len(set(names)) == len(names)
    assert all(field["attributes"]["label"] for field in fields)
    needed = {field["id"] for field in fields if field.get("validations", {}).get("required")}
    wanted = {
        "bug.yml": {"command", "configuration", "version", "expected"},
        "figure.yml": {"source", "page", "value"},
    }
    assert wanted[form] <= needed


def test_pages_name_the_forms_by_their_titles() -> None:
    page = " ".join((ROOT / "docs" / "trust.md").read_text(encoding="utf-8").split())
    for form in FORMS:
        assert f"*{read(f'ISSUE_TEMPLATE/{form}')['name']}*" in page


def test_what_is_public_is_told() -> None:
    text = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## What is public")[1].split("\n## ")[0]
    )
    for part in ("command line", "configuration keys", "docs/api.md", "DeprecationWarning"):
        assert part in text
