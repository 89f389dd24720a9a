"""The gallery of experiments: read from the folders of experiments/ when the site is built.

An experiment is a folder with a ``README.md``: a heading, a first paragraph that asks its question, a block
of ``bash`` with its command, and a figure (PNG or SVG) in the folder or below it. Each becomes a page of its
own and an entry of the gallery, under the group that its ``experiment.toml`` names. What is written here is
not committed: the README is the text.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
EXPERIMENTS = DOCS.parent / "experiments"
GROUPS = {
    "book": "The book",
    "literature": "The literature",
    "regimes": "Roads not taken",
    "systems": "Smaller systems",
}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Experiment:
    """An experiment as its README tells it."""

    name: str
    folder: Path
    title: str
    question: str
    command: str
    figure: Path | None
    text: str
    group: str = ""


def read_experiments(folder: Path) -> list[Experiment]:
    """Return the experiments of a folder, by name; none if there is no such folder.

    Raises
    ------
    ValueError
        If a README has no heading or no paragraph.
    """
    return [_read(file.parent, file.read_text("utf-8")) for file in sorted(folder.glob("*/README.md"))]


def _read(folder: Path, text: str) -> Experiment:
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    prose = _FENCE.sub("", text)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", prose)]
    told = [part for part in paragraphs if part and part[0] not in "#!|<" and part[:2] not in ("- ", "* ")]
    if heading is None or not told:
        raise ValueError(f"{folder / 'README.md'}: needs a heading and a paragraph that asks the question")
    command = re.search(r"^```bash\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return Experiment(
        folder.name,
        folder,
        heading[1].strip(),
        told[0],
        command[1].strip() if command else "",
        _figure(folder, text),
        text,
        _group(folder),
    )


def _group(folder: Path) -> str:
    """Return the group that ``experiment.toml`` names; none without the file."""
    file = folder / "experiment.toml"
    return str(tomllib.loads(file.read_text("utf-8")).get("group", "")) if file.is_file() else ""


def _figure(folder: Path, text: str) -> Path | None:
    """Return the figure that the README shows first, or else the first one in the folder."""
    shown = [folder / target for mark, _, target in _LINK.findall(text) if mark]
    found = sorted(file for kind in ("png", "svg") for file in folder.rglob(f"*.{kind}"))
    return next((file for file in (*shown, *found) if file.is_file()), None)


def relinked(text: str, folder: Path, page: Path) -> str:
    """Return the text of a README for a page in another folder.

    Images and pages of docs/ are found from there; a link to any other file becomes its name, since only the
    checkout has it.
    """

    def place(match: re.Match[str]) -> str:
        mark, words, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        path, _, anchor = target.partition("#")
        file = Path(os.path.normpath(folder / path))
        if file.is_file() and (mark or (file.suffix == ".md" and file.parent == DOCS)):
            there = Path(os.path.relpath(file, page.parent)).as_posix()
            return f"{mark}[{words}]({there}{'#' + anchor if anchor else ''})"
        if mark:
            return words
        inside = file.is_relative_to(EXPERIMENTS.parent)
        return f"{words} (`{file.relative_to(EXPERIMENTS.parent).as_posix() if inside else target}`)"

    return _LINK.sub(place, text)


def write(target: Path, experiments: list[Experiment]) -> None:
    """Write a page for each experiment and the list that the gallery includes."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    gallery = target.parent / "gallery.md"
    parts: list[str] = []
    places = {group: place for place, group in enumerate(GROUPS)}
    headed = ""
    for one in sorted(experiments, key=lambda one: (places.get(one.group, -1), one.name)):
        if one.group != headed:
            headed = one.group
            parts.append(f"## {GROUPS.get(headed, headed)}")
        page = target / f"{one.name}.md"
        text = relinked(one.text, one.folder, page)
        shown = any(mark for mark, _, _ in _LINK.findall(text))
        if one.figure is not None and not shown:
            text += f"\n![{one.title}]({Path(os.path.relpath(one.figure, target)).as_posix()})\n"
        page.write_text(text, encoding="utf-8")
        entry = [f"{'###' if headed else '##'} [{one.title}](gallery/{one.name}.md)"]
        if one.figure is not None:
            entry.append(f"![{one.title}]({Path(os.path.relpath(one.figure, gallery.parent)).as_posix()})")
        entry.append(relinked(one.question, one.folder, gallery))
        if one.command:
            entry.append(f"```bash\n{one.command}\n```")
        parts.append("\n\n".join(entry))
    if experiments:
        parts.append(
            "```{toctree}\n:hidden:\n\n" + "\n".join(f"gallery/{e.name}" for e in experiments) + "\n```"
        )
    else:
        parts.append("There are no experiments in this version yet.")
    (target / "list.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def linked_to_gallery(text: str) -> str:
    """Return a page of docs/ whose links to READMEs of experiments lead to their pages in the site."""

    def place(match: re.Match[str]) -> str:
        words, name = match.groups()
        there = (DOCS / "gallery" / f"{name}.md").is_file()
        return f"[{words}](gallery/{name}.md)" if there else words

    text = text.replace("](../experiments/README.md)", "](gallery.md)")
    return re.sub(r"\[([^\]]*)\]\(\.\./experiments/(\w+)/README\.md\)", place, text)


def _link_to_gallery(_app: Any, name: str, content: list[str]) -> None:
    if "/" not in name:
        content[0] = linked_to_gallery(content[0])


def setup(app: Any) -> dict[str, bool]:
    """Let Sphinx write the gallery before it looks for pages."""
    app.connect("builder-inited", lambda _: write(DOCS / "gallery", read_experiments(EXPERIMENTS)))
    app.connect("source-read", _link_to_gallery)
    return {"parallel_read_safe": True}
