"""A browser without a screen, driven through its DevTools protocol over two pipes: no package, no port."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
PATIENCE = 120.0  # seconds: machines are slow, and nothing here is measured by it


def found() -> str:
    """Return the browser; skip where there is none."""
    place = next(filter(None, map(shutil.which, NAMES)), None)
    if place is None or os.name != "posix":
        pytest.skip("no browser here: these tests need chromium (on Debian: apt install chromium)")
    return place


class Tab:
    """One page, and what it said."""

    def __init__(self, into: Any, out: Any) -> None:
        self._into, self._out, self._number = into, out, 0
        self.complaints: list[str] = []
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable")

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if getattr(self, "_session", None):
            said["sessionId"] = self._session
        self._into.write(json.dumps(said).encode() + b"\0")
        self._into.flush()
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard
                return heard.get("result", {})

    def _hear(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self._out.read(1)) != b"\0":
            assert byte, "the browser has gone"
            text += byte
        heard: dict[str, Any] = json.loads(text)
        said = heard.get("params", {})
        if heard.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(said["exceptionDetails"].get("exception", said)))
        if heard.get("method") == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")
        if heard.get("method") == "Runtime.consoleAPICalled" and said["type"] in (
            "error",
            "warning",
            "assert",
        ):
            self.complaints.append(str(said["args"]))
        return heard

    def size(self, width: int, height: int = 900, dark: bool = False) -> None:
        """Have a screen of a size, light or dark."""
        self._send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                   mobile=width < 500)  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._send("Emulation.setEmulatedMedia", features=[scheme])

    def leave(self) -> None:
        """Leave the page: it asks nothing any more."""
        self._send("Page.navigate", url="about:blank")
        self.until("location.href === 'about:blank'", "the page to go")

    def open(self, url: str) -> None:
        """Open an address anew."""
        self.leave()
        self._send("Page.navigate", url=url)
        self.until("document.body && document.body.dataset.answer", "the page to begin")

    def do(self, script: str) -> Any:
        """Run a script in the page; return what it comes to."""
        told = self._send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, script: str, what: str) -> Any:
        """Wait until a script comes to something true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            held = self.do(script)
            if held:
                return held
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {what}: {script}")

    def forget_complaint(self, words: str) -> None:
        """Wait for what the browser says of a request that was to fail, and forget it."""
        end = time.monotonic() + PATIENCE
        while not self.complaints:
            assert time.monotonic() < end, f"waited in vain for: {words}"
            self.do("1")
        assert all(words in one for one in self.complaints), self.complaints
        self.complaints.clear()

    def key(self, name: str) -> None:
        """Press a key."""
        for kind in ("rawKeyDown", "keyUp"):
            codes = {"ArrowRight": 39, "ArrowLeft": 37, "Tab": 9, " ": 32}
            self._send("Input.dispatchKeyEvent", type=kind, key=name, code=name if name != " " else "Space",
                       windowsVirtualKeyCode=codes[name])  # fmt: skip

    def move(self, x: float, y: float) -> None:
        """Move the pointer."""
        self._send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def take_downloads(self, folder: Path) -> None:
        """Put what the page saves into a folder."""
        self._send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def picture(self, file: Path, whole: bool = True) -> None:
        """Take a picture of the page."""
        held = self._send("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(held["data"]))


@contextmanager
def tab(folder: Path) -> Iterator[Tab]:
    """Give a page of a browser of its own, whose profile is new and empty."""
    program = found()
    ask_end, asking = os.pipe()
    telling, tell_end = os.pipe()
    flags = [*FLAGS, f"--user-data-dir={folder / 'profile'}"]
    shell = f'exec "$@" 3<&{ask_end} 4>&{tell_end}'  # the browser reads from 3 and writes to 4
    browser = subprocess.Popen(
        ["/bin/bash", "-c", shell, "sh", program, *flags],
        pass_fds=(ask_end, tell_end),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    os.close(ask_end)
    os.close(tell_end)
    try:
        with os.fdopen(asking, "wb") as into, os.fdopen(telling, "rb") as out:
            yield Tab(into, out)
    finally:
        browser.terminate()
        browser.wait(PATIENCE)
