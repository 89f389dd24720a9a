"""Reading what a method is told: finding the file, following ``extends``, saying what is wrong.

Calibrations, checks, analyses and experiments are configurations like scenarios, and are read alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from planmodel.engine.errors import UserError
from planmodel.scenario.data import read_data
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import Layer, explain, shown
from planmodel.scenario.finding import configuration_folder
from planmodel.scenario.names import near
from planmodel.scenario.of_economy import context
from planmodel.scenario.paths import is_file, is_folder
from planmodel.scenario.toml import read_toml

Model = TypeVar("Model", bound=BaseModel)
OWN = ("extends", "name", "title", "description")


def ready_files(kind: str) -> dict[str, Path]:
    """Return the ready configurations of a kind (``calibrations``, ``checks``) by name."""
    return {file.stem: file for file in sorted((configuration_folder() / kind).glob("*.toml"))}


def find_file(source: str | Path, kind: str) -> Path:
    """Return the file of a ready configuration or of a given path."""
    ready = ready_files(kind)
    if str(source) in ready:
        return ready[str(source)]
    path = Path(source)
    if is_file(path):
        return path
    if path.suffix == ".toml" or len(path.parts) > 1:
        what = "is a folder; allowed: a .toml file" if is_folder(path) else "no such file"
        raise UserError(f"{path}: {what}{near(path.name, [f.name for f in path.parent.glob('*.toml')])}")
    where = near(str(source), ready) or f"; allowed: {', '.join(ready)}, or the path of a .toml file"
    raise UserError(f"{kind}: none is called '{source}'{where}")


def read_layers(path: Path, kind: str) -> list[Layer]:
    """Read a file and what it extends, the lowest first."""
    layers: list[Layer] = []
    chain: list[Path] = []
    file = path
    while True:
        chain.append(file)
        if file.resolve() in {p.resolve() for p in chain[:-1]}:
            raise UserError(f"{path}: extends: a file cannot extend itself")
        tree = read_data(read_toml(file), file)
        layers.insert(0, Layer(str(path) if not layers else f"{path}: extends {file}", tree))
        base = tree.get("extends")
        if base is None:
            return layers
        known = {**ready_files(kind), **{p.stem: p for p in sorted(path.parent.glob("*.toml"))}}
        if not isinstance(base, str) or base not in known:
            meant = near(base, known) if isinstance(base, str) else ""
            raise UserError(f"{file}: extends: none is called {shown(base)}"
                            f"{meant or '; allowed: ' + ', '.join(sorted(known))}")  # fmt: skip
        file = known[base]


def validated(
    schema: type[Model], tree: dict[str, Any], layers: list[Layer], economy: Economy | None = None
) -> Model:
    """Check a tree against a schema; say what is wrong in the words of a user.

    Names of quantities, parameters and mechanisms are those of the economy, or else of the whole model.
    """
    try:
        return schema.model_validate(tree, context=None if economy is None else context(economy))
    except ValidationError as error:
        raise UserError(explain(error, layers, schema)) from None
