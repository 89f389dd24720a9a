"""The door: a small server on this machine only, for one page and its questions.

It listens on the loopback address and answers no other host (a name that somebody points at this machine is
refused by its ``Host``), no page of another origin, and nothing that is larger than a question. What goes
wrong is one line, as on the command line.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from time import perf_counter
from typing import Any

from planmodel.cache import cached, keep
from planmodel.engine.errors import PlanmodelError, UserError
from planmodel.explore.answering import Asker
from planmodel.explore.begun import begun
from planmodel.explore.drawn import Drawing, key_of

LOOPBACK = "127.0.0.1"
PAGE = "explorer.html"
_LARGEST = 65_536  # bytes of a question
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
_A_WHILE = 0.02  # seconds after which who draws looks again whether somebody asks
_PATIENCE = 30.0  # seconds for a request to come in
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SLIDERS, ALL = 1, 2  # stages of drawing: the surface of the sliders, and every decree too
# The page of the documentation has its answers in this file; here it is told to ask.
LIVE = '"use strict";\nwindow.EXPLORED = null;\n'


class RefusedError(Exception):
    """A request that is not answered, with the status that says so."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Door:
    """What is behind the server: one model, asked by one question at a time.

    Parameters
    ----------
    asker
        Runs what is asked.
    drawn
        Members that were drawn before, as :class:`planmodel.explore.drawn.Drawing` finds them.
    """

    def __init__(self, asker: Asker, drawn: bytes | None = None) -> None:
        self._asker, self._turn = asker, threading.Lock()
        self._asking = 0  # questions that wait or are answered: drawing lets them go first
        self._ended = threading.Event()
        self._drawing: Drawing | None = None
        self._done = 0
        self._drawn = drawn or b""
        self._stage = ALL if drawn else 0
        self._thread = threading.Thread(target=self._draw, name="drawing", daemon=True)
        self.begun = json.dumps(begun(asker), allow_nan=False).encode()

    def start_drawing(self) -> None:
        """Begin to draw members for answers at once, behind the questions."""
        if self._stage < ALL:
            self._thread.start()

    def end(self) -> None:
        """Stop drawing."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self, asked: Any) -> bytes:
        """Run what is asked."""
        with self._first():
            began = perf_counter()
            answer = self._asker.answer(self._asker.explored.changed(asked))
            seconds = round(perf_counter() - began, 3)
        return json.dumps({"answer": answer, "seconds": seconds}, allow_nan=False).encode()

    def toml(self, asked: Any) -> bytes:
        """Return the file of what is asked."""
        with self._first():
            return self._asker.explored.toml(asked).encode()

    @contextmanager
    def _first(self) -> Iterator[None]:
        """Take the turn before whoever draws."""
        self._asking += 1
        try:
            with self._turn:
                yield
        finally:
            self._asking -= 1

    def drawn(self, after: int) -> bytes:
        """Return the drawn members, or how far they are; ``after`` is the stage that the page has."""
        if self._stage > after:
            return b'{"stage":%d,%s' % (self._stage, self._drawn.removeprefix(b"{"))
        of = 1 if self._drawing is None else len(self._drawing.tasks)
        return json.dumps({"done": self._done, "of": of}).encode()

    def _draw(self) -> None:
        key = key_of(self._asker)
        held = cached("explored", key)
        if held is not None:
            self._drawn, self._stage = held, ALL
            return
        with self._turn:
            self._drawing = Drawing(self._asker)
        for task in self._drawing.tasks:
            while self._asking and not self._ended.wait(_A_WHILE):
                pass
            if self._ended.is_set():
                return
            with self._turn:
                task()
            self._done += 1
            if self._done == self._drawing.surface:
                self._publish(self._drawing, SLIDERS)
        self._publish(self._drawing, ALL)
        keep("explored", key, self._drawn)

    def _publish(self, drawing: Drawing, stage: int) -> None:
        """Have pages answered from what is drawn so far."""
        self._drawn = json.dumps(drawing.found, separators=(",", ":")).encode()
        self._stage = stage


class Server(ThreadingHTTPServer):
    """Listens on the loopback address.

    Raises
    ------
    UserError
        If the port cannot be had.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it lets two programs have one port

    def __init__(self, door: Door | None, port: int) -> None:
        self.door = door
        try:
            super().__init__((LOOPBACK, port), Handler)
        except OSError as error:
            raise UserError(
                f"--port {port}: {error.strerror or error}; allowed: another port, or 0 for any that is free"
            ) from None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who has gone."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version, sys_version = "planmodel", ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """Give the page, its parts, or what it is told when it opens."""
        self._answer(self._got)

    def do_POST(self) -> None:
        """Answer a question."""
        self._answer(self._asked)

    def _answer(self, found: Any) -> None:
        try:
            self._check()
            kind, content = found()
            status = HTTPStatus.OK
        except RefusedError as error:
            status, kind, content = error.status, "text/plain", f"error: {error}\n".encode()
        except PlanmodelError as error:
            status, kind, content = HTTPStatus.BAD_REQUEST, "text/plain", f"error: {error}\n".encode()
        except MemoryError:
            status, kind, content = HTTPStatus.INSUFFICIENT_STORAGE, "text/plain", b"error: out of memory\n"
        self._send(status, kind, content)

    def _check(self) -> None:
        """Refuse whoever does not come from the page itself."""
        port = self.server.server_port
        hosts = {f"{LOOPBACK}:{port}", f"localhost:{port}"}
        if self.headers.get("Host", "") not in hosts:
            raise RefusedError(HTTPStatus.FORBIDDEN, "this page is for this machine only")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            raise RefusedError(HTTPStatus.FORBIDDEN, "a page of another origin may not ask")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise RefusedError(HTTPStatus.FORBIDDEN, "a page of another origin may not ask")

    def _got(self) -> tuple[str, bytes]:
        path, door = self.path.partition("?")[0], self.server.door
        if path == "/door/begin" and door is not None:
            return "application/json", door.begun
        if path == "/door/drawn" and door is not None:
            after = self.path.rpartition("after=")[2]
            return "application/json", door.drawn(int(after) if after in ("0", "1", "2") else 0)
        if path == "/explored.js":
            return "text/javascript", LIVE.encode()
        name = path.removeprefix("/") or PAGE
        files = {file.name: file for file in resources.files("planmodel.explore").joinpath("page").iterdir()}
        if name not in files:
            raise RefusedError(HTTPStatus.NOT_FOUND, "no such page")
        return _KINDS["." + name.rpartition(".")[2]], files[name].read_bytes()

    def _asked(self) -> tuple[str, bytes]:
        door, path = self.server.door, self.path
        if path not in ("/door/run", "/door/toml") or door is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "no such page")
        if self.headers.get_content_type() != "application/json":
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "allowed: application/json")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LARGEST:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the question is too long; allowed: {_LARGEST} bytes"
            )
        asked = _read(self.rfile.read(int(length)))
        if path == "/door/toml":
            return "application/toml", door.toml(asked)
        return "application/json", door.run(asked)

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep the terminal for what the user is told."""


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise UserError("the question is not JSON") from None
