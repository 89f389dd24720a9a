"""The nouns of units: what is counted and measured, one spelling each."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Noun:
    """What is counted or measured.

    Attributes
    ----------
    made_of
        Number and other nouns (in the singular) of which it is made; empty for a dimension of its own.
    meaning
        What it is, where the word does not say it.
    record
        Whether only the documented record uses it.
    """

    plural: str
    singular: str
    made_of: tuple[str, ...] = ()
    meaning: str = ""
    record: bool = False

    @property
    def is_time(self) -> bool:
        """Whether it is a span of time, which stands last among the nouns behind a stroke."""
        return self.singular in _TIME

    @property
    def prices(self) -> str:
        """At what prices money is that it counts, as its name says; empty if it is no money."""
        money = _MONEY.fullmatch(self.singular)
        return "" if money is None else money[1] or money[2] or "current"


_MONEY = re.compile(r"(?:gold |new )?(?:rouble|GBP)(?: of (\d{4}(?:/\d{2})?)| at (\w+) prices)?")
_TIME = ("month", "year", "day", "hour")
NUMBERS = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
NOUNS = (
    Noun("persons", "person", meaning="people: in groups, at work, in camps"),
    Noun("households", "household", meaning="peasant households"),
    Noun("head", "head", meaning="animals of one kind"),
    Noun("tractors", "tractor"),
    Noun("mines", "mine", meaning="shafts that are worked"),
    Noun("rations", "ration", meaning="food of a person for a year"),
    Noun("grams", "gram"),
    Noun("kg", "kg", ("1000", "gram")),
    Noun("tonnes", "tonne", ("1000", "kg")),
    Noun("metres", "metre"),
    Noun("km", "km", ("1000", "metre"), "of haul: a tonne-km is a tonne carried over a kilometre"),
    Noun("square metres", "square metre", ("metre", "metre")),
    Noun("hectares", "hectare", ("10000", "metre", "metre")),
    Noun("roubles", "rouble", meaning="at the prices of the day"),
    Noun("roubles of 1928", "rouble of 1928", meaning="at the prices of 1928: another currency"),
    Noun("roubles of 1937", "rouble of 1937", meaning="at the prices of 1937, in accounts of the nation"),
    Noun("gold roubles", "gold rouble", meaning="in foreign trade"),
    Noun("kWh", "kWh", meaning="kilowatt-hours"),
    Noun("kcal", "kcal", meaning="kilocalories"),
    Noun("horsepower", "horsepower", meaning="of tractors and draught animals"),
    Noun("months", "month", meaning="the step of the model: a pure number where equations are checked"),
    Noun("years", "year", ("12", "month"), "twelve months"),
    Noun("percent", "percent", ("0.01",), "hundredths", record=True),
    Noun("days", "day"),
    Noun("hours", "hour"),
    # of the record alone
    Noun("children", "child", record=True),
    Noun("women", "woman", ("person",), record=True),
    Noun("workers", "worker", ("person",), record=True),
    Noun("families", "family", record=True),
    Noun("labour-days", "labour-day", record=True, meaning="by which kolkhozes reckoned work"),
    Noun("sites", "site"),
    Noun("enterprises", "enterprise", record=True),
    Noun("categories", "category", record=True),
    Noun("channels", "channel", record=True),
    Noun("pairs", "pair", record=True),
    Noun("litres", "litre", record=True),
    Noun("GBP", "GBP", record=True, meaning="pounds sterling"),
    Noun("roubles of 1926/27", "rouble of 1926/27", record=True, meaning="at the prices of 1926/27"),
    Noun("roubles at constant prices", "rouble at constant prices", record=True),
    Noun("new roubles at constant prices", "new rouble at constant prices", record=True),
    Noun("roubles at plan prices", "rouble at plan prices", record=True),
    Noun("roubles at unclear prices", "rouble at unclear prices", record=True),
)
