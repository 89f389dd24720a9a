"""No setting within the bounds breaks a run: no warning, no equation that makes no number, books that close.

``PLANMODEL_SETTINGS=1000`` tries so many; ``make fuzz`` does.
"""

import os
import traceback
from collections import Counter

from random_settings import MEMBERS, random_setting

from planmodel.scenario import load_scenario

SETTINGS = int(os.environ.get("PLANMODEL_SETTINGS", "4"))


def test_no_setting_within_the_bounds_breaks_a_run() -> None:
    base = load_scenario("baseline")
    broken: Counter[str] = Counter()
    first: dict[str, str] = {}
    for number in range(SETTINGS):
        setting = random_setting(number, base)
        try:
            setting.run()
        except Exception as error:
            place = traceback.extract_tb((error.__cause__ or error).__traceback__)[-1]
            kind = f"{type(error).__name__} {place.filename.rpartition('/')[2]}:{place.lineno}"
            broken[kind] += 1
            first.setdefault(kind, f"setting {number}: {error}")
    told = "\n".join(f"{count} x {kind}: {first[kind]}" for kind, count in broken.most_common())
    assert not broken, f"{broken.total()} of {SETTINGS} settings of {MEMBERS} members:\n{told}"
