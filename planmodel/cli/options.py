"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, TypeVar, get_type_hints

import typer

Change = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its dotted key.")
]
SwitchOff = Annotated[
    list[str] | None, typer.Option("--switch-off", metavar="NAME", help="Turn a mechanism off.")
]
Data = Annotated[
    list[Path] | None,
    typer.Option("--data", metavar="FILE", help="Figures of your own (CSV, .xlsx, .dta); may be repeated."),
]

_Asked = TypeVar("_Asked")


def with_options(asked: Callable[..., _Asked]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that the fields of a class declare, after those of its own.

    Parameters
    ----------
    asked
        The class: its annotations are those of options. The command is handed one of it, first of all.
    """
    shared = signature(asked).parameters

    def taking(command: Callable[..., None]) -> Callable[..., None]:
        own = list(signature(command).parameters)[1:]  # the first is what was asked
        hints = {
            name: hint
            for of, names in ((command, own), (asked, shared))
            for name, hint in get_type_hints(of, include_extras=True).items()
            if name in names
        }
        defaults = {name: p.default for f in (command, asked) for name, p in signature(f).parameters.items()}

        @wraps(command)
        def called(**said: object) -> None:
            command(asked(**{name: said.pop(name) for name in shared}), **said)

        called.__annotations__ = hints
        called.__signature__ = Signature(  # type: ignore[attr-defined]  # which typer reads
            [
                Parameter(n, Parameter.KEYWORD_ONLY, default=defaults[n], annotation=h)
                for n, h in hints.items()
            ]
        )
        return called

    return taking
