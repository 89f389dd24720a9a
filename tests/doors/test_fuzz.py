"""Whatever is done to a file of any kind, it loads or is refused in words: no other exception, ever.

``PLANMODEL_FUZZ=5000`` tries so many files, evenly over the kinds; ``make fuzz`` does.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from pathlib import Path

import pytest
from mutations import KINDS, damaged, file_name

from planmodel.engine import UserError

FILES = int(os.environ.get("PLANMODEL_FUZZ", "456"))
LONGEST = 1500  # characters of a message


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_loads_or_is_refused(kind: str, tmp_path: Path) -> None:
    file = tmp_path / file_name(kind)
    load = KINDS[kind][1]
    broken: Counter[str] = Counter()
    first: dict[str, str] = {}
    for number in range(FILES // len(KINDS)):
        file.write_bytes(damaged(kind, number))
        try:
            load(file)
            continue
        except UserError as error:
            wrong = fault(str(error), tmp_path)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            wrong = f"{type(error).__name__}: {str(error)[:200]} at {place.filename}:{place.lineno}"
        if wrong:
            broken[wrong[:60]] += 1
            first.setdefault(wrong[:60], f"{kind} {number}: {wrong}")
    told = "\n".join(f"{count} x {first[what]}" for what, count in broken.most_common())
    assert not broken, f"{broken.total()} of {FILES // len(KINDS)} files:\n{told}"


def fault(message: str, folder: Path) -> str:
    """Say what is wrong with a message: it must name the file, be short, and hold what a screen can show."""
    if len(message) > LONGEST:
        return f"a message of {len(message)} characters: {message[:200]}"
    if str(folder) not in message:
        return f"names no file: {message[:200]}"
    if len(message.splitlines()) > 6:
        return f"a message of {len(message.splitlines())} lines"
    printable = all(c.isprintable() or c == "\n" for c in message)
    return "" if printable else f"control characters: {message[:200]!r}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "content",
    [
        b".".join([b"a"] * 3000) + b" = 1",
        b"",
        b"\x00",
        b"\xff\xfe\x00",
        b"x = " + b"[" * 3000,
        b"a.a = 1\na = 2",
    ],
)
def test_no_file_at_all_is_refused(kind: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / file_name(kind)
    file.write_bytes(content)
    with pytest.raises(UserError):
        KINDS[kind][1](file)
