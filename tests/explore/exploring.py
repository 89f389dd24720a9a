"""What tests of the explorer share: a model that is open, and a door before it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from planmodel.explore.answering import Asker
from planmodel.explore.asked import Explored
from planmodel.explore.server import Door, Server
from planmodel.scenario import load_scenario

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "docs" / "explorer" / "explored.js"
NAME = "window.EXPLORED = "


@cache
def opened(source: str = "baseline") -> Explored:
    return Explored(source, load_scenario(source))


@cache
def static() -> dict[str, Any]:
    """Return what the page of the site answers from."""
    text = STATIC.read_text(encoding="utf-8")
    assert text.startswith(NAME)
    found: dict[str, Any] = json.loads(text.removeprefix(NAME).rstrip().rstrip(";"))
    return found


@contextmanager
def served(source: str = "baseline", members: int = 3, drawn: bytes | None = None) -> Iterator[Server]:
    """Give a server that answers behind the test."""
    with Server(None, 0) as server:
        server.door = Door(Asker(opened(source), members, seed=0), drawn)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
