"""Calling the command as a user does, in a terminal of 80 columns."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest import mock

from planmodel.cli import main


class Answer(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The one message of a refusal: nothing else was printed."""
        assert self.status == 2, self.err
        assert self.out.strip() == ""
        assert self.err.startswith("error: ")
        assert "Traceback" not in self.err
        return self.err.removeprefix("error: ").rstrip("\n")


def planmodel(*words: str, columns: int = 80) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        mock.patch.object(sys, "argv", ["planmodel", *words]),
        mock.patch.dict("os.environ", {"COLUMNS": str(columns), "TERM": "dumb"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else int(left.code is not None)
    return Answer(status, out.getvalue(), err.getvalue())


def fits(text: str, columns: int = 80) -> bool:
    """Nothing is wider than the terminal, and nothing was cut off with an ellipsis."""
    return max(map(len, text.splitlines())) <= columns and "…" not in text
