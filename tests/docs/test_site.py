"""The site: the gallery is made of what experiments there are, functions are all there, pages build."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

import planmodel
from planmodel import documented, engine

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = """# A question of grain

**Question.** How much grain was there? See [the model](../../docs/model.md#one-page),
[the configuration](run.toml) and [a source](https://example.org/grain).

```bash
planmodel run baseline
```

![What came out](figure.png)
"""


@pytest.fixture(scope="module")
def gallery() -> ModuleType:
    return program("generate_gallery")


@pytest.fixture
def checkout(tmp_path: Path, gallery: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the pages of this one and one experiment."""
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("gallery", "__pycache__"))
    folder = tmp_path / "experiments" / "grain"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "run.toml").write_text('extends = "baseline"\n', encoding="utf-8")
    (folder / "figure.png").write_bytes((DOCS / "images" / "population.png").read_bytes())
    monkeypatch.setattr(gallery, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(gallery, "EXPERIMENTS", tmp_path / "experiments")
    return tmp_path


def test_an_experiment_has_an_entry_and_a_page(gallery: ModuleType, checkout: Path) -> None:
    (one,) = gallery.read_experiments(checkout / "experiments")
    assert (one.name, one.title, one.command) == ("grain", "A question of grain", "planmodel run baseline")
    assert one.question.startswith("**Question.** How much grain")
    place = checkout / "docs" / "gallery"
    gallery.write(place, [one])
    entry = (place / "list.md").read_text(encoding="utf-8")
    assert "## [A question of grain](gallery/grain.md)" in entry
    assert "![A question of grain](../experiments/grain/figure.png)" in entry
    assert "planmodel run baseline" in entry
    page = (place / "grain.md").read_text(encoding="utf-8")
    assert "[the model](../model.md#one-page)" in page
    assert "the configuration (`experiments/grain/run.toml`)" in page
    assert "[a source](https://example.org/grain)" in page
    for linked in re.findall(r"\]\(([^)#]+\.(?:md|png))", page):
        assert (place / linked).is_file()


def test_links_to_readmes_of_experiments_lead_to_their_pages(gallery: ModuleType, checkout: Path) -> None:
    gallery.write(checkout / "docs" / "gallery", gallery.read_experiments(checkout / "experiments"))
    text = "[one](../experiments/grain/README.md), [all](../experiments/README.md)"
    assert gallery.linked_to_gallery(text) == "[one](gallery/grain.md), [all](gallery.md)"
    assert gallery.linked_to_gallery("[gone](../experiments/gone/README.md)") == "gone"


def test_entries_stand_under_their_groups(gallery: ModuleType, checkout: Path) -> None:
    for name, group in (("colony", "systems"), ("bread", "book")):
        folder = checkout / "experiments" / name
        shutil.copytree(checkout / "experiments" / "grain", folder)
        (folder / "experiment.toml").write_text(f'group = "{group}"\n', encoding="utf-8")
    gallery.write(checkout / "docs" / "gallery", gallery.read_experiments(checkout / "experiments"))
    entries = (checkout / "docs" / "gallery" / "list.md").read_text(encoding="utf-8")
    heads = re.findall(r"^(#+) \[?([\w ]+)(?:\]\(gallery/(\w+)\.md\))?$", entries, re.MULTILINE)
    assert heads == [
        ("##", "A question of grain", "grain"),
        ("##", "The book", ""),
        ("###", "A question of grain", "bread"),
        ("##", "Smaller systems", ""),
        ("###", "A question of grain", "colony"),
    ]


def test_a_figure_that_the_text_does_not_show_is_shown_all_the_same(
    gallery: ModuleType, checkout: Path
) -> None:
    readme = checkout / "experiments" / "grain" / "README.md"
    readme.write_text(README.split("![")[0], encoding="utf-8")
    gallery.write(checkout / "docs" / "gallery", gallery.read_experiments(checkout / "experiments"))
    page = (checkout / "docs" / "gallery" / "grain.md").read_text(encoding="utf-8")
    assert "](../../experiments/grain/figure.png)" in page


def test_no_experiments_are_no_error_and_leave_nothing_behind(gallery: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "gallery").mkdir()
    (tmp_path / "gallery" / "gone.md").write_text("# Gone\n", encoding="utf-8")
    gallery.write(tmp_path / "gallery", gallery.read_experiments(tmp_path / "experiments"))
    assert [file.name for file in (tmp_path / "gallery").iterdir()] == ["list.md"]
    assert "no experiments" in (tmp_path / "gallery" / "list.md").read_text(encoding="utf-8")


def test_a_readme_without_a_question_is_named(gallery: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("# Only a heading\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"empty.README\.md: needs a heading and a paragraph"):
        gallery.read_experiments(tmp_path)


def test_every_experiment_of_this_checkout_can_be_read(gallery: ModuleType) -> None:
    for one in gallery.read_experiments(ROOT / "experiments"):
        assert one.figure is not None, f"{one.name}: no figure"
        assert one.command, f"{one.name}: no block of bash with its command"


def test_every_page_is_in_the_map_and_in_the_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {page.stem for page in DOCS.glob("*.md")} - {"index"}
    assert set(re.findall(r"^\| \[(\w+)\.md\]", index, re.MULTILINE)) == pages
    assert set(re.findall(r"^[A-Z]\w* <(\w+)>$", index, re.MULTILINE)) == pages


def test_the_public_names_are_among_the_functions() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    for name in set(planmodel.__all__) - {"__version__", "documented"}:
        assert re.search(rf"^\.\. \w+:: planmodel\.{name}$", text, re.MULTILINE), name
    for module in (documented, engine):
        assert f".. automodule:: {module.__name__}\n   :members:" in text


def test_both_locks_have_the_same_versions() -> None:
    """The site is built in the environment of the tests: its packages must not change that."""
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE))
        for file in (ROOT / "requirements.lock", DOCS / "requirements.lock")
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert "jinja2" in shared
    assert {name: pins[0][name] for name in shared} == {name: pins[1][name] for name in shared}


class Links(HTMLParser):
    """The places to which a built page leads, and the anchors that it has."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors.add(found.get("id", ""))
        self.links += [found[key] for key in ("href", "src") if key in found and tag != "link"]


@pytest.mark.skipif(
    importlib.util.find_spec("sphinx") is None or importlib.util.find_spec("myst_parser") is None,
    reason="needs the packages of docs/requirements.lock (make docs installs them)",
)
def test_the_site_builds_without_warnings(checkout: Path) -> None:
    """With an experiment; links within it lead somewhere, and no script comes from elsewhere."""
    site = checkout / "site"
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run([*words, str(checkout / "docs"), str(site)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pages = {page: Links(page) for page in site.rglob("*.html") if "_static" not in page.parts}
    assert site / "gallery" / "grain.html" in pages
    for page, found in pages.items():
        for link in found.links:
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:|//", link):
                assert not link.split("?")[0].endswith((".js", ".css", ".png")), f"{page.name}: {link}"
                continue
            there = (page.parent / path.split("?")[0]).resolve() if path else page
            assert there.is_file(), f"{page.name}: {link}"
            if anchor and there in pages:
                assert anchor in pages[there].anchors, f"{page.name}: {link}"
