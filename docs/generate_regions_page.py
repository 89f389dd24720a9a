"""Write the tables of regions.md: ``python docs/generate_regions_page.py``. It takes seconds.

Only what stands between the markers is written: what is by region, and how each input of a region is known.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from famine_runs import in_lines
from generate_harvest import filled
from generate_regions import FILE

from planmodel.documented.made_of import regions
from planmodel.documented.regional_inputs import quantities
from planmodel.engine.choices import BOUNDS
from planmodel.scenario import load_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent, words

PAGE = Path(__file__).with_name("regions.md")
GUESS = "assumption"
EVIDENCE = ("transcribed", "recalled", GUESS)
KINDS = {"share": "share of the country's", "value": "value", "more": "more than the country's"}


def labels() -> str:
    """Return the regions, and what they are made up of first."""
    people = quantities()["rural_population"]
    shares = people.shares()
    rows = [
        (f"`{name}`", one.title, fixed(people.of[name].value, 1), percent(shares[name]))
        for name, one in regions().items()
    ]
    return markdown(("Label", "Territory", "Rural people of 1926, million", "Share"), rows)


def blocks() -> str:
    """Say which blocks hold by region, and which are the country's."""
    blocks_of = load_scenario("baseline").declared.blocks
    spread = [f"`{block.name}`" for block in blocks_of if block.over]
    others = [f"`{block.name}`" for block in blocks_of if not block.over]
    return f"By region: {', '.join(spread)}.\n\nOf the country: {', '.join(others)}."


def inputs() -> str:
    """Return the regional inputs, with how many of their values are guesses."""
    rows, every = [], Counter[str]()
    for name, one in quantities().items():
        known = Counter(entry.evidence for entry in one.of.values())
        every += known
        meaning, *_ = one.meaning.split(":")
        numbers = (str(known[word] or "") for word in EVIDENCE)
        rows.append((f"`{name}`", f"{meaning}, {one.unit}" if one.unit != "1" else meaning, *numbers))
    rows.append(("Together", "", *(str(every[word]) for word in EVIDENCE)))
    guesses, whole = every[GUESS], sum(every.values())
    return markdown(("Input", "What it is", "Transcribed", "Recalled", "Guesses"), rows) + (
        f"\n\n{guesses} of {whole} values ({percent(guesses / whole)}) are guesses of ours, made up to the "
        "number of the Union where it is known; each has bounds in the file."
    )


def made() -> str:
    """Return what the economy takes from them: rows of its table, by where they come from."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    groups: dict[tuple[str, str, str], list[str]] = {}
    values = [row for row in table if row["kind"] not in BOUNDS]
    for row in values:
        groups.setdefault((row["kind"], row["source"], row["evidence"]), []).append(row["name"])
    rows = [
        (KINDS[kind], ", ".join(names), source, "guess" if known == GUESS else known)
        for (kind, source, known), names in groups.items()
    ]
    guesses = sum(row["evidence"] == GUESS for row in values)
    bounded = sum(row["kind"] == BOUNDS[0] for row in table)
    return markdown(("Kind", "Of what", "Made of", "Known worst"), rows) + (
        f"\n\n{len(values)} rows, of which {guesses} hold at least one guess. {bounded} parameters "
        "have bounds by region as well."
    )


def selectivity() -> str:
    """Say whether some region is taken from harder than others."""
    sizes = load_scenario("baseline").parameters.procurement
    own = {label: float(getattr(sizes, f"selectivity_{label}")) for label in regions()}
    told = [f"{words(label)} {fixed(value, 2, sign=True)}" for label, value in own.items() if value != 0.0]
    if not told:
        return "In the baseline all of them stand there."
    return f"In the baseline some do not: {', '.join(told)}. What comes of it there is put in, not found."


def weather_1932() -> str:
    """Say what the table adds to the country's weather of 1932."""
    more = load_scenario("baseline").declared.more_of_labels
    told = {name: values["1932"] for name, values in more.items() if "1932" in values}
    own = [
        f"{words(name.removeprefix('weather_'))} {fixed(value, 2, sign=True)}"
        for name, value in told.items()
        if name.startswith("weather_")
    ]
    if not own:
        return "Today the table says nothing of 1932: every region has the weather of the country then."
    return f"Today the table adds for 1932, as a guess: {', '.join(own)}."


def _in_lines(made: Callable[[], str]) -> Callable[[], str]:
    return lambda: "\n\n".join(in_lines(part) for part in made().split("\n\n"))


BLOCKS = {
    "labels": labels,
    "blocks": _in_lines(blocks),
    "inputs": _in_lines(inputs),
    "made": _in_lines(made),
    "selectivity": _in_lines(selectivity),
    "weather": _in_lines(weather_1932),
}


def main() -> None:
    """Write the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, {name: block() for name, block in BLOCKS.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
