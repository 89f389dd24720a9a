"""Files of figures that a configuration names (``data``): read with it, and a part of it from then on.

So the hash of a scenario is that of its data too, another process has the same figures, and a result can be
made again though the file has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from planmodel.documented import Record, RecordError
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.own import Own
from planmodel.documented.vocabulary import NATIONAL
from planmodel.engine.errors import UserError
from planmodel.scenario.by_region import regions_of
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import shown
from planmodel.scenario.own_indicators import own_indicator

_KEPT = 32  # records and economies with data, of the scenarios of a process


class DataFile(BaseModel):
    """A file of figures as it was read: see :class:`planmodel.documented.own.Own`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    file: str
    sha256: str
    variables: dict[str, dict[str, str]] = {}
    figures: list[str]


Data = list[DataFile] | None


def record_of(data: Data) -> Record:
    """Return the documented record together with the figures of a configuration.

    Raises
    ------
    RecordError
        If they do not go together.
    """
    return _record(tuple(one.model_dump_json() for one in data)) if data else BUILT_IN


@lru_cache(maxsize=_KEPT)
def _record(data: tuple[str, ...]) -> Record:
    files = [DataFile.model_validate_json(text) for text in data]
    return BUILT_IN.add(*(Own(one.file, one.sha256, one.variables, tuple(one.figures)) for one in files))


def with_data(economy: Economy, data: Data) -> Economy:
    """Return an economy that answers to the new variables of data which say what they are compared with.

    Raises
    ------
    ValueError
        If what one says is no quantity of the model, or is measured in something else.
    """
    return _with_record(economy, record_of(data)) if data else economy


@lru_cache(maxsize=_KEPT)
def _with_record(economy: Economy, record: Record) -> Economy:
    found = []
    for one in record.own:
        for name, about in one.described.items():
            if about["model"]:
                if name in economy.quantities():
                    raise ValueError(f"data: {one.file}: variable {name} is a quantity of the model; "
                                     "allowed: another name")  # fmt: skip
                found.append(own_indicator(f"data: {one.file}: {name}", name, about, economy))
    return economy.answering(found)


def tables(record: Record) -> list[dict[str, Any]]:
    """Return the figures of a user's own in a record, as a configuration holds them."""
    return [
        {
            "file": one.file,
            "sha256": one.sha256,
            "variables": {name: dict(about) for name, about in one.variables.items()},
            "figures": list(one.figures),
        }
        for one in record.own
    ]


def read_data(tree: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Return what a configuration says, with the figures in the place of the files that it names.

    Parameters
    ----------
    tree
        What the configuration says.
    file
        Its own, beside which the files are looked for.

    Raises
    ------
    UserError
        Naming the configuration, the file, line, column, value and what is allowed.
    """
    said = tree.get("data")
    if not isinstance(said, list):
        return dict(tree)
    found: list[Any] = []
    record = BUILT_IN
    for one in said:
        if isinstance(one, Mapping):  # a scenario of a result, which holds its figures
            found.append(one)
            continue
        if not isinstance(one, str):
            raise UserError(f"{file}: data: {shown(one)} is not valid; allowed: names of files")
        try:
            record = record.add(file.parent / one)
        except RecordError as error:
            raise UserError(f"{file}: data: {error}") from None
        found.append(tables(record)[-1])
    return {**tree, "data": found}


def together(below: Any, above: Any) -> Any:
    """Return the data of a configuration and of what it extends: none takes the place of another."""
    if not isinstance(below, list) or not isinstance(above, list):
        return below if above is None else above
    return [*below, *(one for one in above if one not in below)]


def beside_record(tree: dict[str, Any], layer: Mapping[str, Any], economy: Economy) -> dict[str, Any]:
    """Have the figures of a layer's own compared with the model, before those of other versions.

    A variable of which the layer itself says the versions (``record``) is left as it says. What is of parts
    of the country only is compared by region, where the economy has regions.
    """
    data, named = layer.get("data"), tree.get("record", {})
    if not isinstance(data, list) or not isinstance(named, Mapping):
        return tree
    try:
        everything = [DataFile.model_validate(one) for one in tree["data"]]
        compared = with_data(economy, everything).indicators
        own = record_of([one for one in everything if one.model_dump() in data]).own
    except ValueError:
        return tree  # which the schema refuses
    said, found = layer.get("record", {}), dict(named)
    record, regions = record_of(everything), regions_of(economy)
    for variable, version in (pair for one in own for pair in one.pairs):
        if regions and not set(record.whole_country(variable, version)) & set(NATIONAL):
            continue
        before = found.get(variable, [])
        if variable in compared and variable not in said and version not in before:
            found[variable] = [version, *before]
    return {**tree, "record": found}


def hashes(data: Iterable[DataFile] | None) -> dict[str, str]:
    """Return the SHA-256 of each file of data by name, for a manifest."""
    return {one.file: one.sha256 for one in data or ()}


def given(files: Sequence[str | Path] | None, place: str = "--data") -> Record:
    """Return the record with files of figures that a command was given.

    Raises
    ------
    UserError
        Naming the file and what is wrong in it.
    """
    try:
        return BUILT_IN.add(*(files or ()))
    except RecordError as error:
        raise UserError(f"{place}: {error}") from None
