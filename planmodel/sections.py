"""What the pages of all kinds have in common: scenario, record, provenance, how to run it again."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planmodel import documented
from planmodel.engine import UserError
from planmodel.provenance import code_sha256, economy_sha256
from planmodel.scenario import Scenario, registry
from planmodel.scenario.difference import difference
from planmodel.scenario.load import baseline_of
from planmodel.show.content import Block, Commands, Note, Section, Text, listed, table
from planmodel.show.numbers import whole, words
from planmodel.storage import UNVERIFIED, has_hashes


def scenario_section(scenario: Scenario) -> Section:
    """Return what a scenario says of itself, and where it differs from the baseline of its economy."""
    title = f": {scenario.title}" if scenario.title else ""
    period = f"{scenario.period.start} to {scenario.period.end}"
    blocks: list[Block] = [Text(f"Scenario {scenario.name}{title} ({period}).")]
    blocks.append(difference_table(baseline_of(scenario.economy), scenario))
    return Section("scenario", "Scenario", tuple(blocks))


def difference_table(first: Scenario, second: Scenario, folded: bool = False) -> Block:
    """Return the keys in which two scenarios differ, what they are called apart."""
    own = ("name", "title", "description", "calibration")
    rows = difference(first, second)
    rows = rows[~rows["key"].isin(own)]
    if rows.empty:
        return Text(f"It does not differ from {_of(first)}.")
    shown = [(r.key, _value(r.first), _value(r.second)) for r in rows.itertuples()]
    caption = f"Difference from {_of(first)}: {len(shown)} {'key' if len(shown) == 1 else 'keys'}"
    return listed(shown, ("key", first.name, second.name), caption, folded)


def _of(scenario: Scenario) -> str:
    return "the baseline" if scenario.name == "baseline" else scenario.name


def _value(value: Any) -> str:
    """Write a value as the configuration would; a dash where a scenario does not have the key."""
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def provenance_section(manifest: Mapping[str, Any], rows: Sequence[tuple[str, Any]]) -> Section:
    """Return how a result came about, and what has changed since.

    Parameters
    ----------
    manifest
        Of the folder.
    rows
        What this kind of folder says besides: name and value.
    """
    identity = {**manifest, **manifest.get("identity", {})}
    packages = ", ".join(f"{name} {version}" for name, version in manifest.get("packages", {}).items())
    known = [
        ("written", manifest.get("written") or manifest.get("finished")),
        ("command", shlex.join(map(str, manifest.get("command", [])))),
        ("seed", manifest.get("seed")),
        *rows,
        ("scenario, SHA-256", identity.get("scenario_sha256")),
        ("documented record, SHA-256", identity.get("record_sha256")),
        *((f"figures of {file}, SHA-256", sha) for file, sha in identity.get("data_sha256", {}).items()),
        ("code of the model, SHA-256", identity.get("code_sha256")),
        *((f"economy {name}, SHA-256", sha) for name, sha in identity.get("economies_sha256", {}).items()),
        ("git", manifest.get("git")),
        ("Python", manifest.get("python")),
        ("packages", packages or None),
        ("processor and C library", _machines(manifest)),
    ]
    blocks: list[Block] = [] if has_hashes(manifest) else [Note(f"This folder was {UNVERIFIED}.")]
    blocks += [
        listed([(k, str(v)) for k, v in known if v is not None], ("what", "value"), "From the manifest")
    ]
    if identity.get("code_sha256") not in (None, code_sha256()):
        blocks.append(
            Note("The code of the model has changed since: the same command may give other numbers.")
        )
    blocks += [Note(text) for text in _changed_economies(identity.get("economies_sha256", {}))]
    if identity.get("record_sha256") not in (None, documented.sha256()):
        blocks.append(
            Note("The documented record has changed since. The points on this page are those of today.")
        )
    return Section("provenance", "Provenance", tuple(blocks))


def economies_in(manifest: Mapping[str, Any]) -> list[str]:
    """Return the economies that a result is of; the whole model where an earlier version wrote it."""
    said = {**manifest, **manifest.get("identity", {})}.get("economies_sha256")
    return list(said or (registry.DEFAULT,))


def reading_of(manifest: Mapping[str, Any]) -> str:
    """Return what the economy of a result says of how its figures are to be read."""
    try:
        return registry.economy(economies_in(manifest)[0]).reading
    except UserError:  # which the provenance says
        return "The economy of this result cannot be read here any more."


def _changed_economies(hashes: Mapping[str, str]) -> Iterator[str]:
    """Say which economies have other equations or tables than when a result was made, or are gone."""
    for name, before in hashes.items():
        try:
            now = economy_sha256(registry.economy(name))
        except UserError:
            yield f"The economy {name} cannot be read here any more."
            continue
        if now != before:
            yield f"Equations or tables of {name} have changed: the same command may give other numbers."


def _machines(manifest: Mapping[str, Any]) -> str | None:
    """Return processors and C libraries: one, or those of the members of an ensemble."""
    found = [manifest["machine"]] if "machine" in manifest else manifest.get("machines", [])
    said = [f"{about['processor']}, {about['c_library']}" for about in found]
    return "; ".join(dict.fromkeys(said)) or None


def rerun_section(lines: Sequence[str], text: str) -> Section:
    """Return the commands that give the result again."""
    where = "In the environment of the checkout that Provenance names. " + text
    return Section("rerun", "How to run it again", (Text(where), Commands(tuple(lines))))


def read(file: Path, reader: Callable[[Path], Any]) -> Any:
    """Read a file of a folder.

    Raises
    ------
    UserError
        Naming the file and why.
    """
    try:
        return reader(file)
    except FileNotFoundError:
        raise UserError(f"{file}: is missing; allowed: a folder as planmodel wrote it") from None
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror or error}") from None
    except UserError:
        raise
    except Exception as error:  # of a damaged file that has no hash, a library raises anything
        said = (str(error).splitlines() or [""])[0]
        raise UserError(f"{file}: cannot be read: {said or type(error).__name__}") from None


def read_csv(file: Path, *needed: str) -> pd.DataFrame:
    """Read a table of a folder that has the columns needed: see :func:`read`."""
    found: pd.DataFrame = read(file, pd.read_csv)
    missing = [name for name in needed if name not in found.columns]
    if missing:
        raise UserError(f"{file}: has no column '{missing[0]}'; allowed: a table as planmodel wrote it")
    return found


def other_tables(folder: Path, shown: Collection[str]) -> list[Block]:
    """Return the other tables of a folder as they stand, folded, but those that are shown already."""
    blocks: list[Block] = []
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in shown:
            frame = read_csv(file)
            headings = {str(name): words(name) for name in frame.columns}
            ways = {name: whole for name in headings if name == "year"}
            caption = f"{words(file.stem).capitalize()}: {len(frame)} rows"
            blocks.append(table(frame, headings, caption, ways, folded=True))
    return blocks


def quoted(*words: object) -> str:
    """Return a command for a shell."""
    return shlex.join(map(str, words))
