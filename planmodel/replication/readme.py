"""The README of a replication package, in the order that data editors of journals ask for."""

from __future__ import annotations

import os
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planmodel.documented.bibliography import keys_of, references
from planmodel.documented.catalogue import variables
from planmodel.documented.files import figures
from planmodel.documented.package import LICENCE as DATA_LICENCE
from planmodel.documented.vocabulary import EVIDENCE
from planmodel.experiments.load import Experiment
from planmodel.replication import code
from planmodel.replication.configuration import DATA, FOLDER, is_text, place_of
from planmodel.replication.outputs import HASHES, PICTURES, RESULTS
from planmodel.show.markdown import table_of
from planmodel.show.numbers import fixed

README = "README.md"
WIDTH = 110
Manifests = Mapping[str, Mapping[str, Any]]
Results = Mapping[str, Mapping[str, bytes]]
_OVERVIEW = """\
This folder holds {what} of planmodel, a discrete-event macro model of the Soviet planned economy,
1928-1940: its configuration, the documented record, the code, and the results with their hashes. Running it
again gives the same bytes (see Instructions to replicators). Millions of people died in these years; figures
and causes are disputed, and the record keeps the versions side by side."""
_RIGHTS = """\
The figures of the record are facts, each with the work and the place that it is taken from; no microdata and
no data under an agreement are used, and nothing was bought. All data that the results need are in
`{data}/`. Selection, arrangement, descriptions and notes of the record are under {licence}
({path}). How a figure is known is said for each: transcribed from a text or file, recalled from the
literature with the page still to be checked, or a reading of words, whose number is that of the authors of
the record. Figures that are not transcribed should be checked against their sources before they are cited."""
_RANDOM = """\
Every random number comes from a stream of its own by seed, purpose, member and year. Experiments use the
seed 1; draws of a posterior are those of its file. Neither the number of processes nor the order of
experiments changes a result."""
_COMPARED = """\
`{hashes}` holds the SHA-256 of every file in `{results}/` but the manifests. Tables (`.csv`, `.tex`) and
texts (`.md`) are compared on any machine. Pictures ({pictures}) carry no date and no random name; they are
compared where matplotlib, numpy, pandas and pillow have the versions of this package and the machine is of
the same architecture, and are otherwise said to be left out. Never compared are
`{results}/*/manifest.json`: they say when, where and by what command a result was made."""
_INSIDE = """\
`code/{wheel}` is the package as it ran: sources, ready configurations and experiments. It is a zip file, and
pip installs it. `code/version.json` holds commit, versions, and the hashes of code, equations and record.
Each experiment is `experiment.toml` (what is run) and `figure.py` (table and figure); a source text is
`experiment.toml` and `cells.csv` (what is asked). `{folder}/scenarios`, `posteriors` and `calibrations` are
copies, for reading, of what these name: the package holds the same files."""


def readme(
    experiments: Sequence[Experiment],
    manifests: Manifests,
    results: Results,
    about: Mapping[str, Any],
    workers: int,
) -> str:
    """Return the README of a package.

    Parameters
    ----------
    experiments
        What the package holds.
    manifests, results
        By experiment, what its folder says of itself, and its files.
    about
        What the package says of itself.
    workers
        Processes of the run.
    """
    parts = (
        _overview(experiments),
        _data(),
        _requirements(manifests, about, workers),
        _programs(about),
        _instructions(experiments),
        _outputs(experiments, results),
        _references(),
    )
    return "\n".join(line for part in parts for line in part)


def _overview(experiments: Sequence[Experiment]) -> Iterator[str]:
    held = (
        f"{len(experiments)} experiments"
        if len(experiments) > 1
        else f"the experiment `{experiments[0].name}`"
    )
    yield "# Replication package\n"
    yield "## Overview\n"
    yield _filled(_OVERVIEW.format(what=held))
    rows = [
        (f"`{FOLDER}/`", "experiments, the scenarios and posteriors that they use"),
        (f"`{DATA}/`", "the documented record: figures, variables, territories, sources, references"),
        ("`code/`", "the package that ran, to be installed, with its version and hashes"),
        (f"`{code.LOCK}`, `environment.txt`", "versions it is tested with, with hashes; versions it ran on"),
        (f"`{RESULTS}/NAME/`", "figures (PDF, PNG, SVG) and tables (CSV, LaTeX) of each experiment"),
        (f"`{HASHES}`", "SHA-256 of the results"),
        ("`manifest.json`", "SHA-256 of every file of this folder"),
    ]
    yield table_of(("Part", "What it holds"), rows)


def _data() -> Iterator[str]:
    yield "## Data availability and provenance statements\n"
    yield "### Statement about rights and licence\n"
    licence = {"licence": DATA_LICENCE["title"], "path": DATA_LICENCE["path"]}
    yield _filled(_RIGHTS.format(data=DATA, **licence))
    yield "### Summary of availability\n"
    yield "All data are in this package. The works that they are taken from are named with each figure.\n"
    yield "### Details on each file of figures\n"
    heads = ("File", "Figures", "Series", "Works cited", *EVIDENCE, "Provided")
    yield table_of(heads, list(_files_of_the_record()))


def _files_of_the_record() -> Iterator[tuple[object, ...]]:
    """Yield a row for each file of the record."""
    theme = variables()["theme"]
    rows = [(str(theme[row["variable"]]), row) for row in figures()]
    for name in sorted({name for name, _ in rows}):
        mine = [row for of, row in rows if of == name]
        known = Counter(row["evidence"] for row in mine)
        works = {key for row in mine for key in keys_of(row["source"])}
        series = len({row["variable"] for row in mine})
        counts = (len(mine), series, len(works), *(known[mark] for mark in EVIDENCE))
        yield (f"`{DATA}/record/{name}.csv`", *counts, "yes")


def _requirements(manifests: Manifests, about: Mapping[str, Any], workers: int) -> Iterator[str]:
    yield "## Computational requirements\n"
    yield "### Software\n"
    versions = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    yield _filled(
        f"Python {about['python']}; {versions}. All {len(about['environment'])} packages with their versions "
        f"stand in `environment.txt`. {_of_the_lock()}"
    )
    yield "### Controlled randomness\n"
    yield _filled(_RANDOM)
    yield "### Memory, runtime and storage\n"
    yield _filled(
        f"Ran on: {_hardware(about['machine'])}; {workers} {'process' if workers == 1 else 'processes'}."
    )
    yield _filled(
        "Run time as measured when each experiment was last made, figures included. A run that several "
        "experiments share counts with the one that was made first."
    )
    took = {name: manifest.get("seconds") for name, manifest in manifests.items()}
    rows = [(f"`{name}`", _seconds(seconds)) for name, seconds in took.items()]
    known = [seconds for seconds in took.values() if seconds is not None]
    yield table_of(("Experiment", "Run time"), [*rows, ("all that were measured", _seconds(sum(known)))])


def _of_the_lock() -> str:
    if code.lock() is None:
        return f"The installed package has no `{code.LOCK}`."
    others = code.beside_the_lock()
    return f"Not as in `{code.LOCK}`: {', '.join(others)}." if others else f"They are those of `{code.LOCK}`."


def _seconds(seconds: float | None) -> str:
    return "not measured" if seconds is None else f"{fixed(seconds, 1)} s"


def _hardware(machine: Mapping[str, str]) -> str:
    """Say on what machine a package was made, as far as the system tells."""
    parts = [machine["processor"], machine["architecture"], f"{os.cpu_count()} processors"]
    if hasattr(os, "sysconf"):
        try:
            size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
            parts.append(f"{fixed(size, 0)} GiB of memory")
        except (OSError, ValueError):
            pass
    return ", ".join([*parts, machine["c_library"]])


def _programs(about: Mapping[str, Any]) -> Iterator[str]:
    yield "## Description of programs\n"
    yield _filled(_INSIDE.format(wheel=code.wheel_name(), folder=FOLDER))
    economies = [(f"equations of `{name}`", f"`{sha}`") for name, sha in about["economies_sha256"].items()]
    rows = [
        ("commit", f"`{about['git']}`"),
        ("code", f"`{about['code_sha256']}`"),
        *economies,
        ("record", f"`{about['record_sha256']}`"),
    ]
    yield table_of(("What", "Commit or SHA-256"), rows)
    yield "The code is under the MIT licence (`LICENSE`, or within the package).\n"


def _instructions(experiments: Sequence[Experiment]) -> Iterator[str]:
    locked = code.lock() is not None and not code.beside_the_lock()
    pins = f"--require-hashes -r {code.LOCK}" if locked else "-r environment.txt"
    yield "## Instructions to replicators\n"
    yield "In this folder, with Python 3.11 or later:\n"
    yield "```bash"
    yield "python -m venv ../replication"
    yield f"../replication/bin/python -m pip install {pins}"
    yield f"../replication/bin/python -m pip install --no-deps code/{code.wheel_name()}"
    yield "../replication/bin/planmodel reproduce --verify . --out ../verified"
    yield "```\n"
    yield _filled(
        "The last command sees that this folder is as it was written, runs every experiment again (which "
        f"runs the `figure.py` of `{FOLDER}/`), writes into `../verified`, and compares. It ends with "
        "status 0 if all is the same, and with 1, naming files and lines, if not. "
        f"`planmodel reproduce {experiments[0].name} --verify .` takes one experiment, `--workers 2` two "
        "processes. Without Python, `sha256sum -c hashes.txt` sees that the results are as they were written."
    )
    compared = {"hashes": HASHES, "results": RESULTS, "pictures": ", ".join(f"`{end}`" for end in PICTURES)}
    yield _filled(_COMPARED.format(**compared))


def _outputs(experiments: Sequence[Experiment], results: Results) -> Iterator[str]:
    yield "## List of tables and figures, and their programs\n"
    rows = []
    for one in experiments:
        text = is_text(one)
        program = f"`{place_of(one.name, text)}/{'cells.csv' if text else 'figure.py'}`"
        stems = sorted({file.rpartition(".")[0] for file in results[one.name]})
        for stem in stems:
            ends = [file.rpartition(".")[2] for file in results[one.name] if file.rpartition(".")[0] == stem]
            files = f"`{RESULTS}/{one.name}/{stem}` ({', '.join(sorted(ends))})"
            rows.append((f"{one.about.title}: {stem.replace('_', ' ')}", program, files))
    yield table_of(("Table or figure", "Program", "Output"), rows)


def _references() -> Iterator[str]:
    yield "## References\n"
    yield _filled(
        f"Of the record; in full in `{DATA}/references.bib`. Sources of single figures: `{DATA}/record/`."
    )
    yield "".join(f"- {line}\n" for line in sorted(one.line for one in references().values()))


def _filled(text: str) -> str:
    words = " ".join(text.split())
    return textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
