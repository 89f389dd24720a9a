"""Doing what a page says, from top to bottom: files are written, added to and changed, commands are run."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PARTS = ("planmodel", "configs", "docs", "experiments")  # of a checkout, that a page may add to
_STEP = re.compile(
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$|^## (?P<heading>[^\n]+)$|^into$", re.MULTILINE | re.DOTALL
)
_WHAT = re.compile(r"(Write|Add to|In)\s+`([^`]+)`(?: change|:)\s*$")
_COMMAND = "import sys; sys.argv[0] = 'planmodel'; from planmodel.cli import main; main()"


@dataclass
class Section:
    """What a section of a page did: the files of the package that it touched, and what commands printed."""

    heading: str
    touched: set[str] = field(default_factory=set)
    printed: list[str] = field(default_factory=list)


class Page:
    """A page that is followed in a copy of the package and a folder of the reader's own."""

    def __init__(self, page: Path, copy: Path, here: Path) -> None:
        self.text = page.read_text(encoding="utf-8")
        self.copy, self.here = copy, here

    def follow(self) -> dict[str, Section]:
        """Do what the page says; return what each section did."""
        sections = {"": Section("")}
        section, before, old, changed = sections[""], self._state(), "", Path()
        for found in _STEP.finditer(self.text):
            if found["heading"]:
                section.touched = self._changes(before)
                section, before = Section(found["heading"]), self._state()
                sections[section.heading] = section
            elif found["language"] == "bash":
                section.printed += [self.command(line) for line in found["text"].splitlines()]
            elif found["language"]:
                said = _WHAT.search(self.text[: found.start()])
                if said is None:
                    assert old, f"no file is named before: {found['text']}"
                    self._replace(changed, old, found["text"])
                    old = ""
                elif said[1] == "In":
                    changed, old = self.place(said[2]), found["text"]
                else:
                    self._write(self.place(said[2]), found["text"], said[1] == "Add to")
        section.touched = self._changes(before)
        return sections

    def place(self, name: str) -> Path:
        """Return a file: of the package, or of the reader."""
        return (self.copy if name.startswith(("planmodel/", "configs/", "docs/")) else self.here) / name

    def command(self, line: str) -> str:
        """Run a command of the copy where the reader is; return what it prints."""
        words = shlex.split(line)
        program = {"planmodel": ["-c", _COMMAND], "pytest": ["-m", "pytest", "-p", "no:cacheprovider"]}
        done = self.python(*program[words[0]], *words[1:])
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the copy in the place of the package."""
        asked = {"PYTHONPATH": str(self.copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "150"}
        return subprocess.run(
            [sys.executable, *words], cwd=self.here, env=os.environ | asked, capture_output=True, text=True
        )

    def _write(self, file: Path, text: str, more: bool) -> None:
        assert file.exists() == more, f"{file}: is{'' if file.exists() else ' not'} there"
        file.parent.mkdir(parents=True, exist_ok=True)
        if more:
            gap = "\n\n" if file.suffix == ".py" else "\n" if file.suffix == ".toml" else ""
            text = file.read_text(encoding="utf-8").rstrip("\n") + "\n" + gap + text
        file.write_text(text, encoding="utf-8")

    def _replace(self, file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file}: has this {text.count(old)} times: {old}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def _state(self) -> dict[str, str]:
        inside = (file for part in PARTS for file in (self.copy / part).rglob("*"))
        files = [file for file in inside if file.is_file() and "__pycache__" not in file.parts]
        return {str(f.relative_to(self.copy)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    def _changes(self, before: dict[str, str]) -> set[str]:
        after = self._state()
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
