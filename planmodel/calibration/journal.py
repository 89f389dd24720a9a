"""What was evaluated is written down at once, so that a search that was stopped goes on where it was.

Search, polish and sampling are deterministic given their seed. The journal keeps the answers in the order of
the questions; when a stopped search is begun again, it asks the same questions and is answered from the
journal as far as it has the answers. Nothing of the state of a library is stored.

An entry is a mark, its place in the order, its length, its content and the SHA-256 of all of these. An entry
that is damaged is not believed: its question is evaluated anew, and the answers after it are kept. What
follows an answer to another question than the one asked is old, and forgotten.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np

from planmodel.engine import Array, UserError
from planmodel.storage import reason

_MARK = b"\x93planmodel-journal-entry\x0a"
_HEAD = struct.Struct("<QQ")  # place in the order, length of the content
_DIGEST = 16  # bytes of the digest of a question
_HASH = 32


class Journal:
    """Answers in the order of the questions.

    Parameters
    ----------
    file
        Where they are kept; None keeps nothing.

    Raises
    ------
    UserError
        If the file cannot be read or written.

    Attributes
    ----------
    remembered
        How many members were answered from the journal.
    damaged
        How many entries could not be believed when it was opened.
    """

    def __init__(self, file: Path | None) -> None:
        self.remembered = self.damaged = 0
        self._asked = 0
        self._path = file
        self._answers: dict[int, tuple[bytes, bytes]] = {}  # place -> digest of the question, answer
        self._file = None
        if file is None:
            return
        try:
            self._file = file.open("r+b" if file.exists() else "w+b")
            self._answers, self.damaged, end = _entries(self._file.read())
            self._file.seek(end)
            self._file.truncate()  # the last entry may be torn: its writer was killed
        except OSError as error:
            raise UserError(f"{file}: cannot be written: {reason(error)}") from None

    def remember(self, function: Callable[[Array], Array]) -> Callable[[Array], Array]:
        """Return the function, answered from the journal as far as it goes."""

        def answer(question: Array) -> Array:
            if self._file is None:
                return function(question)
            place, asked = self._asked, _digest(question)
            self._asked += 1
            found = self._answers.pop(place, None)
            if found is not None and found[0] == asked:
                self.remembered += len(question)
                return _read(found[1])
            if found is not None:
                self._forget(place)
            answered = function(question)
            self._write(place, asked, answered)
            return answered

        return answer

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *left: object) -> None:
        self.close()

    def _forget(self, place: int) -> None:
        """Forget all answers from a place on; those before it may stand after it in the file, and stay."""
        assert self._file is not None
        self._answers = {at: kept for at, kept in self._answers.items() if at < place}
        self._file.seek(0)
        kept = _entries(self._file.read(), before=place)[0]
        self._file.seek(0)
        self._file.truncate()
        for at, (asked, answer) in sorted(kept.items()):
            self._file.write(_entry(at, asked, answer))

    def _write(self, place: int, asked: bytes, answered: Array) -> None:
        assert self._file is not None
        content = io.BytesIO()
        np.save(content, answered, allow_pickle=False)
        try:
            self._file.write(_entry(place, asked, content.getvalue()))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise UserError(f"{self._path}: cannot be written: {reason(error)}") from None


def _entry(place: int, asked: bytes, answer: bytes) -> bytes:
    body = _MARK + _HEAD.pack(place, len(asked) + len(answer)) + asked + answer
    return body + hashlib.sha256(body).digest()


def _entries(content: bytes, before: int | None = None) -> tuple[dict[int, tuple[bytes, bytes]], int, int]:
    """Return the answers that are whole, how many stretches between them are not, and where the last ends."""
    found: dict[int, tuple[bytes, bytes]] = {}
    damaged = end = 0
    start = content.find(_MARK)
    while start >= 0:
        whole = _whole(content, start)
        if whole is None:
            start = content.find(_MARK, start + 1)
            continue
        damaged += start > end  # something that is no entry lies between
        place, asked, answer, end = whole
        if before is None or place < before:
            found[place] = (asked, answer)
        start = content.find(_MARK, end)
    damaged += not _is_torn(content[end:])
    return found, damaged, end


def _is_torn(tail: bytes) -> bool:
    """Tell whether the end is the beginning of an entry, as a process that is killed leaves it."""
    if len(tail) < len(_MARK) + _HEAD.size:
        return _MARK.startswith(tail[: len(_MARK)])
    length = _HEAD.unpack_from(tail, len(_MARK))[1]
    return tail.startswith(_MARK) and len(tail) < len(_MARK) + _HEAD.size + length + _HASH


def _whole(content: bytes, start: int) -> tuple[int, bytes, bytes, int] | None:
    """Return place, question, answer and end of an entry, if its hash is right."""
    head = start + len(_MARK)
    body = head + _HEAD.size
    if body > len(content):
        return None
    place, length = _HEAD.unpack(content[head:body])
    end = body + length + _HASH
    if length < _DIGEST or end > len(content):
        return None
    if hashlib.sha256(content[start : end - _HASH]).digest() != content[end - _HASH : end]:
        return None
    return place, content[body : body + _DIGEST], content[body + _DIGEST : end - _HASH], end


def _read(answer: bytes) -> Array:
    found: Array = np.load(io.BytesIO(answer), allow_pickle=False)
    return found


def _digest(question: Array) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(question).tobytes(), digest_size=_DIGEST).digest()
