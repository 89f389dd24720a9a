"""Laws of named works that prisoners build: who is there, what they do, and what is not done elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from regional import reckon

from planmodel.economies.soviet.sites import BRANCHES, Sites
from planmodel.runs.history import History
from planmodel.runs.of_scenario import NamedWork
from planmodel.scenario import Scenario, load_scenario

TODAY = date(1932, 4, 30)
END = date(1933, 12, 31)
BASELINE = load_scenario("one_country")
UNFREE = [name for name, work in BASELINE.works.items() if work.inmates]


def canal(inmates: float = 0.1) -> NamedWork:
    return NamedWork("canal", "Canal", TODAY, "transport", 0.1, "", None, inmates)


def begun(members: int = 2, inmates: float = 0.1) -> tuple[Sites, int]:
    """Return sites of which one is built by prisoners, in the first member alone, and one by the hired."""
    sites = Sites(members, branches=1)
    sites.reach[:] = 1.0
    size = np.zeros((1, members))
    size[0, 0] = 1.0
    number = 0
    for work in (canal(inmates), canal(0.0)):
        number = sites.begin([0], work.title, size, np.full((1, members), 10.0), named=True)
        sites.works.begin(number, work, None)
    return sites, number - 1


# ---- who calls for them ------------------------------------------------------------------------------------


def test_a_work_calls_for_its_prisoners_where_it_stands_and_until_it_is_finished() -> None:
    sites, _ = begun()
    called, wanted = sites.of_inmates()
    assert called.tolist() == [0.1, 0.0]
    assert wanted.tolist() == [pytest.approx(0.1), 0.0]
    for _ in range(10):
        sites.build(np.full((1, 2), 5.0), sites.reach, TODAY)
    assert [part.tolist() for part in sites.of_inmates()] == [[0.0, 0.0], [0.0, 0.0]]


def test_a_work_wants_no_more_than_is_left_of_it() -> None:
    sites = Sites(1, branches=1)
    done = np.array([[0.95]])
    number = sites.begin([0], "Canal", np.ones((1, 1)), np.full((1, 1), 10.0), done, named=True)
    sites.works.begin(number, canal(), None)
    assert sites.of_inmates()[1].tolist() == [pytest.approx(0.05)]


def test_works_of_the_hired_call_for_nobody() -> None:
    sites, _ = begun(inmates=0.0)
    assert [part.tolist() for part in sites.of_inmates()] == [[0.0, 0.0], [0.0, 0.0]]


def test_what_was_saved_calls_for_as_many() -> None:
    sites, _ = begun()
    again = Sites(2, branches=1)
    again.restore(sites.save())
    for one, other in zip(sites.of_inmates(), again.of_inmates(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_years_that_a_work_says_are_its_pace() -> None:
    paces = {}
    for years in (2.0, 5.0):
        tree = {
            "title": "Canal", "start": date(1928, 1, 15), "size": 0.3, "branch": "transport", "years": years,
            "source": "this test", "evidence": "assumption",
        }  # fmt: skip
        history = History(load_scenario("one_country", {"works.canal": tree}).until(date(1928, 1, 31)))
        history.run()
        sites = history.workspace.entities["sites"]
        at = next(n for n, site in enumerate(sites.sites) if site.label == "Canal")
        paces[years] = float(sites.full[at, 0])
    assert paces[2.0] / paces[5.0] == pytest.approx(2.5, rel=1e-9)


# ---- who is there, and what they do ------------------------------------------------------------------------


def taken(called: float, part: float = 0.5, planned: float = 1.0) -> float:
    given = {"inmates_called": called, "works_part": part, "people_camp_inmates": 0.4}
    return float(reckon("camp_output.taken_for_works", planned_as_labour=planned, **given))


def test_works_have_whom_they_call_for_up_to_a_part_of_all_while_inmates_are_planned_as_labour() -> None:
    assert taken(0.1) == 0.1
    assert taken(0.3) == pytest.approx(0.2)
    assert taken(0.1, planned=0.5) == 0.05
    assert taken(0.1, planned=0.0) == taken(0.1, part=0.0) == taken(0.0) == 0.0


def hands(there: float, want: float, norm: float = 0.15) -> float:
    given = {"taken_for_works": there, "inmates_works": want, "builder_norm": norm, "camp_health": 0.8}
    return float(reckon("camp_output.hands_at_works", camp_work=0.4, **given))


def test_they_do_what_they_can_and_no_more_than_the_work_wants() -> None:
    assert hands(0.1, 1.0) == pytest.approx(0.1 * 0.8 * 0.4)
    assert hands(0.1, 0.01) == pytest.approx(12.0 * 0.01 * 0.15)
    assert hands(0.2, 0.01) == hands(0.1, 0.01)  # who digs by hand is many, for little
    assert hands(0.0, 1.0) == hands(0.1, 0.0) == 0.0


def works(there: float, at_works: float) -> dict[str, float]:
    usual = {
        "fit_inmates": 0.4, "people_special_settlers": 1.0, "settlement_health": 0.9, "camp_health": 0.8,
        "planned_as_labour": 1.0, "settlers_working": 0.5, "camp_work": 0.4, "parameter_camp_builders": 0.15,
        "parameter_camp_miners": 0.1, "parameter_camp_timber": 0.2,
    }  # fmt: skip
    made = reckon("camp_output.work", taken_for_works=there, hands_at_works=at_works, **usual)
    return {name: float(np.ravel(value)[0]) for name, value in made.items()}


def test_who_is_at_a_named_work_is_nowhere_else() -> None:
    none, some = works(0.0, 0.0), works(0.1, 0.01)
    lost = 0.1 * 0.8 * 0.4
    assert none["camp_miners"] - some["camp_miners"] == pytest.approx(lost * 0.1)
    assert some["camp_timber"] / none["camp_timber"] == pytest.approx(
        some["camp_miners"] / none["camp_miners"]
    )
    assert some["camp_builders"] - none["camp_builders"] == pytest.approx(0.01 - lost * 0.15)
    assert (some["works_inmates"], some["works_hands"]) == (0.1, 0.01)


def test_they_cut_no_timber_for_export() -> None:
    given = {"people_camp_inmates": 0.5, "people_special_settlers": 0.0, "timber_free": 0.0}
    whole, half = (
        float(reckon("trade.sell", works_inmates=n, unfree_planned=1.0, **given)["exports_timber"])
        for n in (0.0, 0.25)
    )
    assert half == pytest.approx(0.5 * whole)


def test_they_leave_fewer_jobs_for_free_builders() -> None:
    given = {"construction_wanted": 8.0, "let_through": 1.0, "builder_norm": 0.2, "seasonal_hands": 0.3}
    jobs = [
        float(reckon("labour.offer_jobs", works_hands=n, **given)["jobs_construction_workers"])
        for n in (0.0, 0.05, 9.0)
    ]
    assert jobs == [pytest.approx(1.3), pytest.approx(1.25), 0.0]


# ---- in a history ------------------------------------------------------------------------------------------


def played(scenario: Scenario, **more: float) -> dict[str, np.ndarray]:
    sizes = {"camp_output": {name: np.array([value]) for name, value in more.items()}}
    found = History(scenario.until(END), parameters=sizes).run().dataset
    return {str(name): found[name].values for name in found.data_vars}


def test_without_a_part_for_them_nothing_is_as_if_works_called_for_prisoners() -> None:
    """To the bit: the null value, and works whose builders are the hired."""
    hired = {name: work.model_copy(update={"inmates": None}) for name, work in BASELINE.works.items()}
    null = played(BASELINE, works_part=0.0)
    other = played(BASELINE.model_copy(update={"works": hired}))
    apart = {"inmates_called", "inmates_works", "nkvd_plan"}
    differ = [name for name in null if not np.array_equal(null[name], other[name], equal_nan=True)]
    assert set(differ) <= apart, differ
    assert null["inmates_called"].max() > 0.0
    usual = played(BASELINE)
    assert not np.array_equal(usual["works_inmates"], null["works_inmates"])
    assert usual["camp_miners"][0, -1] < null["camp_miners"][0, -1]


def test_the_table_says_which_works_are_of_the_camps() -> None:
    assert len(UNFREE) >= 8
    for name, work in BASELINE.works.items():
        assert ("camp labour" in work.title) == (name in UNFREE), name
        assert work.branch in BRANCHES
