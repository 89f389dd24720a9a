"""Write the pages of equations from the economies: ``python docs/generate_equations.py``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from chapter_page import EconomyPages, chapter_page, has_picture
from graph_pictures import picture
from index_page import index_page

from planmodel.scenario import registry

FOLDER = Path(__file__).parent / "equations"


def pages() -> Iterator[tuple[Path, str]]:
    """Yield all pages and pictures: file, and what stands in it."""
    economies = [EconomyPages(registry.economy(name)) for name in registry.economies()]
    for economy in economies:
        for page in economy.pages:
            blocks = economy.blocks_of(page)
            yield FOLDER / f"{page}.md", chapter_page(economy, page)
            if has_picture(blocks):
                drawn = picture(economy.graph, blocks, f"{page}: what its equations read and write")
                yield FOLDER / "images" / f"{page}.svg", drawn
    yield FOLDER / "index.md", index_page(economies)


def main() -> None:
    """Write what differs, and delete pages of what is gone."""
    wanted = dict(pages())
    for file in (*FOLDER.glob("*.md"), *FOLDER.glob("images/*.svg")):
        if file not in wanted:
            file.unlink()
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
