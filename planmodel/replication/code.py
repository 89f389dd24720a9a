"""The package that runs, as an archive to install, and the versions of all that it runs on."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from planmodel.experiments.load import experiments_folder
from planmodel.scenario.finding import configuration_folder

NAME = "planmodel"
LOCK = "requirements.lock"
_PACKAGE = Path(__file__).resolve().parents[1]
_INSIDE = ("configs", "experiments/ready")  # where a wheel has what stands beside the package in a checkout
_STAMP = (1980, 1, 1, 0, 0, 0)  # of all files, so that the same files are the same bytes
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_WHEEL = "Wheel-Version: 1.0\nGenerator: planmodel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_name() -> str:
    """Return the name of the archive of the package."""
    return f"{NAME}-{metadata.version(NAME)}-py3-none-any.whl"


def wheel() -> bytes:
    """Return the package that runs as a wheel: its sources, ready configurations and experiments.

    It is made of the files at work, in a checkout or installed, and is the same bytes for the same files.
    """
    content = dict(_sources())
    about = f"{NAME}-{metadata.version(NAME)}.dist-info"
    mine = metadata.distribution(NAME)
    for name in ("METADATA", "entry_points.txt"):
        content[f"{about}/{name}"] = (mine.read_text(name) or "").encode()
    content[f"{about}/WHEEL"] = _WHEEL.encode()
    if licence := _licence():
        content[f"{about}/licenses/LICENSE"] = licence
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in sorted(content.items()))
    content[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in sorted(content.items()):
            about_file = zipfile.ZipInfo(name, _STAMP)
            about_file.external_attr = 0o644 << 16
            about_file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about_file, text)
    return file.getvalue()


def lock() -> bytes | None:
    """Return the lock of the package: versions and hashes that it is tested with; None where it has none."""
    for file in (_PACKAGE.parent / LOCK, _PACKAGE / LOCK):
        if file.is_file() and (file.parent == _PACKAGE or _is_checkout()):
            return file.read_bytes()
    return None


def environment() -> dict[str, str]:
    """Return the versions of the installed packages that the model and its extras stand on, by name."""
    found: dict[str, str] = {}
    left = [NAME]
    while left:
        name = left.pop()
        for one in _required(name):
            with contextlib.suppress(metadata.PackageNotFoundError):
                if one not in found and one != NAME:
                    found[one] = metadata.version(one)
                    left.append(one)
    return dict(sorted(found.items()))


def beside_the_lock() -> list[str]:
    """Return which installed versions are not those of the lock, each as ``name version``."""
    text = lock()
    if text is None:
        return []
    pins: dict[str, set[str]] = {}
    for name, version in _PIN.findall(text.decode()):
        pins.setdefault(_normal(name), set()).add(version)
    others = ((name, version) for name, version in environment().items() if version not in pins.get(name, ()))
    return [f"{name} {version}" for name, version in others]


def _is_checkout() -> bool:
    return configuration_folder().parent == _PACKAGE.parent


def _sources() -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of all files of the package, as they lie in a wheel."""
    inside = [_PACKAGE / place for place in _INSIDE]
    for file in _files(_PACKAGE):
        if not any(file.is_relative_to(place) for place in inside) and file != _PACKAGE / LOCK:
            yield f"{NAME}/{file.relative_to(_PACKAGE).as_posix()}", file.read_bytes()
    for place, folder in zip(_INSIDE, (configuration_folder(), experiments_folder()), strict=True):
        for file in _files(folder):
            yield f"{NAME}/{place}/{file.relative_to(folder).as_posix()}", file.read_bytes()
    if text := lock():
        yield f"{NAME}/{LOCK}", text


def _files(folder: Path) -> list[Path]:
    return [
        file for file in sorted(folder.rglob("*")) if file.is_file() and is_kept(file.relative_to(folder))
    ]


def is_kept(path: Path) -> bool:
    """Tell whether a file belongs to what is handed on: neither hidden nor compiled."""
    return not any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _digest(text: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


def _licence() -> bytes | None:
    text = licence_text()
    return text.encode() if text else None


def licence_text() -> str:
    """Return the licence of the code; empty where it does not lie with the installed package."""
    beside = _PACKAGE.parent / "LICENSE"
    if _is_checkout() and beside.is_file():
        return beside.read_text(encoding="utf-8")
    return metadata.distribution(NAME).read_text("licenses/LICENSE") or ""


def _required(name: str) -> list[str]:
    """Return what a package requires; of ours with all extras but that of development."""
    found = []
    for line in metadata.requires(name) or []:
        marker = line.partition(";")[2]
        if "extra ==" not in marker or (name == NAME and not re.search(r"extra == .dev.", marker)):
            match = _REQUIREMENT.match(line)
            assert match is not None
            found.append(_normal(match[0]))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
