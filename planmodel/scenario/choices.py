"""What a scenario chooses of its economy: whether an axis is there (``regions = "seven"``) or left out.

An economy with another choice than the usual one is another economy: it has a name of its own,
``soviet (regions = seven)``, so that whatever is kept by the name of an economy is kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RESERVED = (
    *("economy", "name", "title", "description", "extends", "calibration", "limiting_case", "period", "data"),
    *("record", "evidence", "works", "decrees", "parameters", "switches", "exogenous", "initial"),
)
_NAMED = re.compile(r"(?P<economy>.*) \((?P<said>\w+ = \w+(?:, \w+ = \w+)*)\)")


@dataclass(frozen=True)
class Version:
    """A key of scenarios that says whether an economy has an axis.

    Attributes
    ----------
    key
        As scenarios have it.
    axis
        Which axis.
    without, along
        What is said where the axis is left out, and where it is there.
    usual
        Which of them holds where nothing is said.
    """

    key: str
    axis: str
    without: str
    along: str
    usual: str

    @property
    def allowed(self) -> tuple[str, str]:
        """What a scenario may say."""
        return self.without, self.along


def parted(name: str) -> tuple[str, dict[str, str]]:
    """Return the name of an economy, and what is chosen of it, from a name that may say both."""
    found = _NAMED.fullmatch(name)
    if found is None:
        return name, {}
    return found["economy"], dict(part.split(" = ") for part in found["said"].split(", "))


def versioned(name: str, versions: Mapping[str, Version], said: Mapping[str, Any]) -> str:
    """Return the name of an economy with what a scenario says of it.

    What is no choice is left for the schema of scenarios to refuse.
    """
    chosen = [
        f"{key} = {said[key]}"
        for key, version in versions.items()
        if said.get(key) in version.allowed and said[key] != version.usual
    ]
    return f"{name} ({', '.join(chosen)})" if chosen else name
