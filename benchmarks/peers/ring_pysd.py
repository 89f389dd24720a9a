"""The ring in PySD: a Vensim model, translated once; ``run`` starts from the first step and keeps the last.

One member is twenty stocks by name, which PySD runs several times as fast as one stock with a subscript. Many
members are those stocks with a subscript for the member.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pysd
from answering import answer
from the_ring import RATE, START, STEPS, STOCKS

ABOUT = "~ tonnes ~ |"


def text(members: int) -> str:
    """Return the ring in the language of Vensim, for one member or with a subscript for many."""
    of = "[member]" if members > 1 else ""
    lines = ["{UTF-8}"]
    if members > 1:
        lines.append(f"member: (m1-m{members}) ~ ~ |")
    for i in range(STOCKS):
        lines.append(f"flow {i}{of} = stock {i}{of} * {RATE[i]!r} {ABOUT}")
        lines.append(f"stock {i}{of} = INTEG(flow {(i - 1) % STOCKS}{of} - flow {i}{of}, {START[i]}) {ABOUT}")
    for name, value in (("INITIAL TIME", 0), ("FINAL TIME", STEPS), ("TIME STEP", 1), ("SAVEPER", STEPS)):
        lines.append(f"{name} = {value} {ABOUT}")
    return "\n".join(lines) + "\n"


@cache
def translated(members: int) -> Any:
    """Return the model as PySD makes it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ring.mdl"
        file.write_text(text(members), encoding="utf-8")
        return pysd.read_vensim(str(file))


def run(members: int = 1) -> float:
    """Return what the last stock of the last member holds at the end."""
    last = f"stock {STOCKS - 1}"
    found = translated(members).run(return_columns=[last], flatten_output=False, cache_output=False)
    value = found[last].iloc[-1]
    return float(value if members == 1 else value.values[-1])


if __name__ == "__main__":
    answer({"one": run, "many": run, "version": lambda: pysd.__version__})
