"""The words the record may use."""

from typing import Literal, get_args

COLUMNS = (
    "variable",
    "version",
    "date",
    "value",
    "unit",
    "kind",
    "source",
    "place",
    "evidence",
    "confidence",
    "territory",
    "note",
)

Kind = Literal["actual", "plan", "official_claim", "estimate", "estimate_low", "estimate_high", "derived"]
KINDS: tuple[str, ...] = get_args(Kind)
Firmness = Literal["transcribed", "recalled", "reading"]  # from the firmest to the weakest
EVIDENCE: tuple[str, ...] = get_args(Firmness)
OWN = "own"  # given by a user, and checked by nobody here: ranked behind all of them, and not in the record
CONFIDENCE = ("high", "medium", "contested", "ocr_doubt")
MEASURES = ("stock", "flow", "average", "index", "share", "target")
SPANS = ("", "average", "total", "change")

PRE_1939 = "USSR pre-1939"
ENLARGED = "USSR enlarged 1939-40"
UNCLEAR = "USSR boundary unclear"
NATIONAL = (PRE_1939, ENLARGED, UNCLEAR, "USSR in 1991 borders")  # its parts are in territories.csv
COMPARABLE = (PRE_1939, UNCLEAR)  # the model stays within the borders of 1938
FACTUAL = ("actual", "estimate", "official_claim", "derived")  # not plans, floors or ceilings
BOUNDS = ("estimate_low", "estimate_high")  # a version that gives both for a date gives their middle

UNITS = (
    "1",
    "1/year",
    "billion gold roubles",
    "billion kWh",
    "billion new roubles at constant prices",
    "billion roubles",
    "billion roubles at constant prices",
    "billion roubles at plan prices",
    "billion roubles at unclear prices",
    "billion roubles of 1926/27",
    "billion tonne-km",
    "categories",
    "channels",
    "children a woman",
    "days a worker a year",
    "enterprises",
    "grams a day",
    "head a family",
    "hectares",
    "hours",
    "hours a day",
    "hours a year",
    "households",
    "index 1913=1",
    "index 1928=1",
    "index 1929=1",
    "index 1930=1",
    "index 1936=1",
    "labour-days a year",
    "million GBP",
    "million families",
    "million head",
    "million hectares",
    "million horsepower",
    "million households",
    "million metres",
    "million persons",
    "million square metres",
    "million tonnes",
    "mines",
    "months",
    "persons",
    "roubles a kilogram",
    "roubles a litre",
    "roubles a metre",
    "roubles a month",
    "roubles a pair",
    "roubles a year",
    "sites",
    "square metres a person",
    "thousand",
    "thousand hectares",
    "thousand persons",
    "tonnes",
    "tonnes a hectare",
    "years",
)


def firm_enough(least: str | None) -> tuple[str, ...]:
    """Return the marks of evidence that are at least as firm as one of them; all for None.

    Raises
    ------
    ValueError
        If there is no such mark.
    """
    return (*EVIDENCE, OWN) if least is None else EVIDENCE[: EVIDENCE.index(least) + 1]
