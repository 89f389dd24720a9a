"""The door: this machine only, this page only, and one line for what is wrong."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cli_calls import planmodel
from exploring import opened, served

from planmodel.explore.answering import Asker
from planmodel.explore.server import LOOPBACK, Door, Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as found:
        yield found


def ask(
    server: Server, path: str, body: bytes | None = None, method: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    door = http.client.HTTPConnection(LOOPBACK, server.server_port, timeout=60)
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        door.request(method or ("GET" if body is None else "POST"), path, body, said)
        answer = door.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        door.close()


def question(server: Server, asked: Any, path: str = "/door/run") -> tuple[int, bytes]:
    status, _, told = ask(server, path, json.dumps(asked).encode(), Content_Type="application/json")
    return status, told


def test_the_page_and_its_parts_are_given_with_their_kinds(server: Server) -> None:
    for path, kind in (("/", "text/html"), ("/explorer.css", "text/css"), ("/chart.js", "text/javascript")):
        status, headers, content = ask(server, path)
        assert status == 200
        assert headers["Content-Type"].startswith(kind)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers
        assert b"http://" not in content.replace(b"http://www.w3.org/2000/svg", b"")  # nothing is fetched
    assert ask(server, "/explored.js")[2] == b'"use strict";\nwindow.EXPLORED = null;\n'


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/page/explorer.html", "/door/run", "//etc/passwd"]
)
def test_nothing_else_is_given(server: Server, path: str) -> None:
    assert ask(server, path)[0] == 404


def test_it_listens_on_the_loopback_address_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    others = {str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for other in others - {"127.0.0.1"}:
        with socket.socket() as probe:
            probe.settimeout(2)
            if not other.startswith("127."):
                assert probe.connect_ex((other, server.server_port)) != 0


@pytest.mark.parametrize("path", ["/", "/door/begin", "/door/run"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_other_hosts_and_pages_are_refused(server: Server, path: str, headers: dict[str, str]) -> None:
    said = {name: value.format(port=server.server_port) for name, value in headers.items()}
    body = b"{}" if path == "/door/run" else None
    status, answered, told = ask(server, path, body, "", **said)
    assert status == 403
    assert told.startswith(b"error: ")
    assert "Access-Control-Allow-Origin" not in answered


def test_this_page_is_answered(server: Server) -> None:
    for host in ("127.0.0.1", "localhost"):
        where = f"{host}:{server.server_port}"
        given = {"Host": where, "Origin": f"http://{where}", "Sec_Fetch_Site": "same-origin"}
        assert ask(server, "/door/begin", None, "", **given)[0] == 200


def test_a_question_is_answered_with_bands_of_all_that_is_shown(server: Server) -> None:
    begin = json.loads(ask(server, "/door/begin")[2])
    status, told = question(server, {"sliders": {"weather_1932": -0.2}})
    assert status == 200
    answer = json.loads(told)["answer"]
    assert answer.keys() == begin["base"].keys() == {one["key"] for one in begin["quantities"]}
    low, middle, high = (line[begin["years"].index(1932)] for line in answer["grain_harvest"])
    assert low <= middle <= high
    assert middle < begin["base"]["grain_harvest"][1][begin["years"].index(1932)]
    assert json.loads(question(server, {})[1])["answer"] == begin["base"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (b"{", "application/json", 400, b"error: the question is not JSON\n"),
        (b"\xff\xfe", "application/json", 400, b"error: the question is not JSON\n"),
        (b"[" * 60_000, "application/json", 400, b"error: the question is not JSON\n"),
        (b"1" * 60_000, "application/json", 400, b"error: the question is not JSON\n"),
        (b"null", "application/json", 400, b"error: the question: 'None' is not valid; allowed: a table\n"),
        (b'{"sliders": {"push": 9}}', "application/json", 400, b"sliders.push: 9 is out of bounds"),
        (b"{}", "text/plain", 415, b"error: allowed: application/json\n"),
        (b" " * 70_000, "application/json", 413, b"error: the question is too long"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_one_line(
    server: Server, body: bytes, kind: str, status: int, words: bytes
) -> None:
    found, headers, told = ask(server, "/door/run", body, Content_Type=kind)
    assert found == status
    assert words in told
    assert told.count(b"\n") == 1
    assert b"Traceback" not in told
    assert headers["Content-Type"].startswith("text/plain")
    assert ask(server, "/")[0] == 200  # and goes on


def test_a_question_without_its_length_is_refused(server: Server) -> None:
    with socket.create_connection((LOOPBACK, server.server_port), timeout=30) as raw:
        host = f"{LOOPBACK}:{server.server_port}"
        raw.sendall(
            f"POST /door/run HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\r\n".encode()
        )
        assert b" 413 " in raw.recv(200)


def test_the_door_gives_the_file(server: Server) -> None:
    asked = {"decrees": {"passports": {"on": False}}}
    status, told = question(server, asked, "/door/toml")
    assert (status, told.decode()) == (200, opened().toml(asked))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "70000"], "--port 70000: out of bounds; allowed: 0 to 65535"),
        (["--members", "1"], "--members 1: out of bounds; allowed: 2 to 2000"),
        (["--seed", "-1"], "--seed -1: out of bounds"),
        (["--scenario", "baselin"], "no scenario is called 'baselin'; did you mean 'baseline'?"),
        (["--scenario", "kuzbass"], "economy 'kuzbass' has no explorer"),
    ],
)
def test_wrong_words_of_the_command_are_one_line(words: list[str], message: str) -> None:
    assert message in planmodel("explore", "--no-browser", *words).message


def test_a_port_in_use_is_told_before_anything_is_run(server: Server) -> None:
    told = planmodel("explore", "--no-browser", "--port", str(server.server_port)).message
    assert told.startswith(f"--port {server.server_port}: ")
    assert told.endswith("allowed: another port, or 0 for any that is free")


class Drawn:
    """Stands for members that are drawn: a hundred tasks, the surface after the first."""

    surface = 1
    found: ClassVar = {"finest": [1.0], "sliders": {}, "decrees": {}}

    def __init__(self, *_: object) -> None:
        self.tasks = [lambda: time.sleep(0.02)] * 100


def test_members_are_drawn_behind_the_questions_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLANMODEL_CACHE", str(tmp_path))
    monkeypatch.setattr("planmodel.explore.server.Drawing", Drawn)
    asker = Asker(opened(), 2, seed=0)
    door = Door(asker)
    assert json.loads(door.drawn(0)) == {"done": 0, "of": 1}
    door.start_drawing()
    door.toml({})  # goes before what is still to be drawn
    assert json.loads(door.drawn(2))["done"] < 100
    while (told := json.loads(door.drawn(1))).get("stage") != 2:
        assert told["done"] <= told["of"]
        time.sleep(0.01)
    assert told == {"stage": 2, **Drawn.found}
    door.end()
    monkeypatch.setattr("planmodel.explore.server.Drawing", None)
    again = Door(asker)
    again.start_drawing()
    again.end()
    assert json.loads(again.drawn(0)) == told


def test_drawing_ends_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANMODEL_CACHE", "off")
    monkeypatch.setattr("planmodel.explore.server.Drawing", Drawn)
    door = Door(Asker(opened(), 2, seed=0))
    door.start_drawing()
    door.end()
    assert "stage" not in json.loads(door.drawn(1))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped(asked: signal.Signals) -> None:
    # A shell that starts the tests in the background has its programs ignore SIGINT.
    listen = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{listen}; from planmodel.cli import main; main()"
    words = ["explore", "--no-browser", "--port", "0", "--members", "2"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        url = running.stdout.readline().split()[0]
        host = url.removeprefix("http://").rstrip("/")
        door = http.client.HTTPConnection(host, timeout=60)
        door.request("GET", "/door/begin")
        assert json.loads(door.getresponse().read())["members"] == 2
        door.close()
        running.send_signal(asked)
        out, err = running.communicate(timeout=120)
    assert (running.returncode, out, err) == (0, "closed\n", "")
