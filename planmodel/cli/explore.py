"""``planmodel explore``: a page on this machine that moves a scenario."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planmodel.explore.server import Server

PORT = 8371
_MOST = 2000


def explore(
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="Ready scenario, or a TOML file, to begin with.")
    ] = "baseline",
    members: Annotated[int, typer.Option(help="Histories of each answer, 2 to 2000.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the random streams, 0 or more.")] = 0,
    port: Annotated[int, typer.Option(help="Port of this machine; 0 for any that is free.")] = PORT,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Open a page on this machine: move weather, plans and decrees, and see what comes of it.

    The answer comes at once from members drawn beforehand, and then from a run. Nothing leaves the machine;
    Ctrl-C ends it.
    """
    from planmodel.engine.errors import UserError
    from planmodel.explore.answering import Asker
    from planmodel.explore.asked import Explored
    from planmodel.explore.server import Door, Server
    from planmodel.scenario import load_scenario

    for option, value, low, high in (
        ("--members", members, 2, _MOST),
        ("--seed", seed, 0, 2**32 - 1),
        ("--port", port, 0, 65_535),
    ):
        if not low <= value <= high:
            raise UserError(f"{option} {value}: out of bounds; allowed: {low} to {high}")
    asker = Asker(Explored(scenario, load_scenario(scenario)), members, seed)
    try:
        with Server(None, port) as server:  # a port that is taken is told before anything is run
            typer.echo(f"{asker.explored.scenario.name}: {members} members are run ...")
            server.door = Door(asker)
            _serve(server, browser)
    except KeyboardInterrupt:
        typer.echo("closed")


def _serve(server: Server, browser: bool) -> None:
    """Answer until the user has had enough."""
    import webbrowser

    assert server.door is not None
    server.door.start_drawing()
    try:
        typer.echo(f"{server.url} (Ctrl-C ends it)")
        sys.stdout.flush()
        if browser and not webbrowser.open(server.url):
            typer.echo("no browser was found: open the address by hand")
            sys.stdout.flush()
        server.serve_forever()
    finally:
        server.door.end()
