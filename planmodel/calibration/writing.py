"""The folder of a calibration: tables, fitted scenario, posterior, figures and manifest."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from planmodel import documented
from planmodel.calibration.calibrate import Result as Fitted
from planmodel.calibration.drawing import draw_calibration
from planmodel.calibration.posterior import posterior_bytes
from planmodel.calibration.schema import Calibration
from planmodel.calibration.screen import TRIAL, blocks_of
from planmodel.calibration.summary import summary
from planmodel.calibration.tables import parameters_table, points_table, series_table
from planmodel.engine.parameters import Parameter
from planmodel.provenance import code_hashes, data_hashes, git_state, machine, package_versions
from planmodel.runs.posterior import bases
from planmodel.runs.resolve import told
from planmodel.scenario import Scenario
from planmodel.scenario.changes import as_tree
from planmodel.scenario.economy import Economy
from planmodel.scenario.finding import find_scenario
from planmodel.scenario.origins import fit_mark
from planmodel.scenario.registry import economies
from planmodel.show.content import Result
from planmodel.show.sheets import write_into, write_result
from planmodel.storage import NamedFile, reserve, write_manifest

_PACKAGES = ("planmodel", "simpy", "numpy", "scipy", "emcee", "pandas", "xarray")
WRITER = "planmodel calibrate"


def manifest(result: Fitted) -> dict[str, Any]:
    """Return what is needed to tell how a calibration came about, and to repeat it."""
    return {
        "calibration": result.calibration.name,
        "configuration": result.calibration.model_dump(mode="json", exclude_none=True, exclude={"data"}),
        "scenario": result.scenario.name,
        "scenario_sha256": result.scenario.digest(),
        "origins": {result.scenario.name: told(result.laid)},
        "record_sha256": documented.sha256(),
        **data_hashes(result.scenario.data_hashes),
        "figures_left_out": list(result.points.left_out),
        "figures_less_firm": list(result.points.less_firm),
        "seed": result.seed,
        "misfit_by_start": result.fit.misfit.tolist(),
        "summary": summary(result),
        "runs": result.runs,
        "plausibility": result.plausibility,
        "evaluations_from_journal": result.remembered,
        "seconds": result.seconds,
        **made(result.calibration.economy),
    }


def made(*economies: Economy) -> dict[str, Any]:
    """Return how a result was made: command, time, code, packages, machine."""
    return {
        "command": ["planmodel", *sys.argv[1:]],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(),
        **code_hashes(*{economy.name: economy for economy in economies}.values()),
        "packages": package_versions(_PACKAGES),
        "machine": machine(),
    }


def scenario_text(result: Fitted, name: str) -> str:
    """Return the fitted scenario as TOML: what differs from the scenario that was fitted, and how it came."""
    about = result.calibration
    points = result.points
    head = f"""\
# Made by `planmodel calibrate {about.name} --seed {result.seed}`; do not edit by hand, calibrate again.
#
# {len(result.cube.keys)} unknowns fitted to {len(points)} figures of {len({p.target for p in points.points})} series ({about.name}: {about.title or "no title"}).
# Misfit {result.fit.misfit[0]:.1f} (all starts: {", ".join(f"{m:.1f}" for m in result.fit.misfit)}); starting from '{about.scenario}'.
# {result.runs:,} runs, {sum(result.seconds.values()):.0f} s; code {git_state()}; record {documented.sha256()[:12]}; {datetime.now(UTC):%Y-%m-%d}.
# Every value below is the result of a fit: its evidence is that of the series and of the model's forms.
"""  # noqa: E501
    if about.trial:
        head += f"# {TRIAL}\n"
    undetermined = result.information.undetermined()
    if undetermined:
        head += f"# The record does not determine: {', '.join(undetermined)}.\n"
    if result.latents is not None:
        head += (
            f"# Latent values moved by {result.latents.root_mean_moved:.2f} standard deviations of their "
            "priors (root mean square).\n"
        )
    title = f"{'Trial, no whole fit' if about.trial else 'Fitted to the record'} ({about.name})"
    return head + "\n" + tomli_w.dumps(fitted_tree(about, result.scenario, result.changes, name, title))


def fitted_tree(
    about: Calibration, scenario: Scenario, changes: Mapping[str, float], name: str, title: str
) -> dict[str, Any]:
    """Return a fitted scenario: what differs from the scenario that was fitted, which it extends.

    Parameters
    ----------
    about, scenario
        What was fitted.
    changes
        What the fit changes, by full key.
    name, title
        Of the new scenario.
    """
    body: dict[str, Any] = {
        **extended(about),
        "name": name,
        "calibration": "",  # see below
        "title": title,
        **as_tree(about.changes, about.switch_off),
    }
    parameters = body.setdefault("parameters", {})
    for component, group in about.hold.items():
        parameters.setdefault(component, {}).update(group)
    if about.latent:
        latents = {series: _latent_series(about, scenario, series) for series in about.latent}
        body["exogenous"] = body.get("exogenous", {}) | latents
    for key, value in changes.items():
        section, table, *_, entry = key.split(".")
        if section == "parameters":
            declared = about.economy.parameters()[table][entry]
            parameters.setdefault(table, {})[entry] = _rounded(value, declared)
        elif section == "initial":  # initial.COMMODITY.ACCOUNT.value
            _, commodity, account, _ = key.split(".")
            body.setdefault("initial", {}).setdefault(commodity, {})[account] = {
                "value": float(f"{value:.6g}"),
                "source": f"fitted by the calibration '{about.name}'",
                "evidence": "assumption",
            }
        else:
            body["exogenous"][table]["values"][entry] = float(f"{value:.6g}")
    body["calibration"] = fit_mark(about.name, body)  # so that draws may take their place
    return body


def extended(about: Calibration) -> dict[str, Any]:
    """Return what a scenario says that extends the one that a calibration is about."""
    # By name: a file finds it beside it, or among those of its economy.
    elsewhere = about.economy.plain_name not in economies()
    base = find_scenario(about.scenario).stem if elsewhere else Path(about.scenario).stem
    return {**({"economy": about.economy.plain_name} if elsewhere else {}), "extends": base}


def _latent_series(about: Calibration, scenario: Scenario, name: str) -> dict[str, Any]:
    """Return the whole table of an exogenous series whose values were estimated, as it was before."""
    entry: dict[str, Any] = getattr(scenario.exogenous, name).model_dump(exclude_none=True)
    source = " ".join(entry["source"].split())
    sd = about.latent[name].sd
    return entry | {
        "source": f"estimated by `planmodel calibrate {about.name}`; prior: normal, standard "
        f"deviation {sd:g}, around: {source}",
        "evidence": "assumption",
        "values": dict(entry["values"]),
    }


def _rounded(value: float, declared: Parameter) -> float:
    """Round to six digits, without leaving the declared bounds."""
    low, high = declared.bounds
    return min(max(float(f"{value:.6g}"), low), high)


def write_calibration(result: Fitted, folder: Path, force: bool = False, figures: bool = True) -> list[Path]:
    """Write the folder of a calibration, whole or not at all; return the figures, if they are wanted.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    return write_result(result_of(result), folder, WRITER, force, partial(_more, result), figures)


def write_calibrations(
    results: Sequence[Fitted],
    folder: Path,
    beside: Callable[[Path], None],
    force: bool = False,
    figures: bool = True,
) -> None:
    """Write several calibrations, each into a folder of its name, and what sets them beside each other.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """

    def write(partial: Path) -> None:
        for result in results:
            place = partial / result.calibration.name
            place.mkdir()
            write_into(result_of(result), place, figures)
            _more(result, place)
            names = [str(file.relative_to(place)) for file in place.rglob("*") if file.is_file()]
            write_manifest(place, manifest(result), WRITER, names)
        beside(partial)

    about = {
        "calibrations": [result.calibration.name for result in results],
        **made(*(result.calibration.economy for result in results)),
    }
    with reserve(folder, WRITER, force) as reserved:
        reserved.fill(about, write)


def scenario_file(file: Path, force: bool) -> NamedFile:
    """Return the file of a fitted scenario, where the user wants one."""
    mark = b"# Made by `planmodel calibrate "
    return NamedFile("--scenario", file, "a scenario that calibrate wrote", mark, force)


def draws_file(file: Path, force: bool) -> NamedFile:
    """Return the file of a posterior, where the user wants one."""
    return NamedFile("--draws", file, "a posterior that calibrate wrote", b"planmodel calibrate ", force)


def draws_bytes(result: Fitted) -> bytes:
    """Return the posterior as NetCDF, with how it was made."""
    assert result.draws is not None
    about = manifest(result)
    kept = ("calibration", "scenario", "scenario_sha256", "record_sha256", "seed", "git", "code_sha256",
            "written")  # fmt: skip
    made = f"planmodel calibrate {result.calibration.name} --posterior --seed {result.seed}"
    attributes = {name: about[name] for name in kept} | {"made_by": made}
    if result.calibration.trial:
        attributes["trial"] = TRIAL
    attributes["layers"] = json.dumps(bases(result.scenario))
    return posterior_bytes(result.likelihood, result.draws, attributes, result.calibration.economy)


def result_of(result: Fitted) -> Result:
    """Return what a calibration came to: what is read, tables, figures and manifest."""
    latents = result.latents
    return Result(
        result.calibration.title or result.calibration.name,
        tuple(blocks_of(result)),
        {
            "points": points_table(result),
            "series": series_table(result),
            "parameters": parameters_table(result),
            "profiles": result.profiles,
            "forecast": result.forecast,
            "left_out": result.left_out,
            "latent": None if latents is None else latents.values,
            "published": None if latents is None else latents.published,
            "biases": None if latents is None else latents.biases,
        },
        lambda folder: draw_calibration(result, folder / "figures"),
        manifest(result),
    )


def _more(result: Fitted, folder: Path) -> None:
    """Write the fitted scenario, and the posterior where there is one."""
    (folder / "calibrated.toml").write_text(scenario_text(result, "calibrated"), encoding="utf-8")
    if result.draws is not None:
        (folder / "posterior.nc").write_bytes(draws_bytes(result))
