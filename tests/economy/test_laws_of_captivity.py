"""Laws of captivity: who dies, who is born in exile, whose term ends, who flees, and what is ordered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regional import MANY, SHARES, Given, reckon

from planmodel.economies.soviet.population import toll_of_captivity

UNIT = st.floats(0.0, 1.0)
MEMBERS = SHARES * 20.0


# ---- deaths and births -------------------------------------------------------------------------------------


@given(health=UNIT, exposed=UNIT, hunger=st.floats(0.0, 20.0), exposure=st.floats(0.0, 10.0))
def test_deaths_grow_with_hunger_and_exposure_and_never_fall_below_those_of_the_fed(
    health: float, exposed: float, hunger: float, exposure: float
) -> None:
    toll = toll_of_captivity(health, 0.9, hunger, exposed, exposure)
    assert toll >= 1.0
    assert toll_of_captivity(health * 0.9, 0.9, hunger, exposed, exposure) >= toll
    assert toll_of_captivity(health, 0.9, hunger, exposed * 0.9, exposure) <= toll
    assert toll_of_captivity(health, 0.9, 0.0, exposed, 0.0) == 1.0


def test_want_kills_below_the_line_only_and_more_than_in_proportion() -> None:
    one, two = (toll_of_captivity(0.9 - want, 0.9, 12.0, 0.0, 5.0) - 1.0 for want in (0.1, 0.2))
    assert two > 2.0 * one > 0.0
    assert toll_of_captivity(0.95, 0.9, 12.0, 0.0, 5.0) == 1.0


def inmates(**other: float) -> dict[str, np.ndarray]:
    usual: Given = {
        "people_inmates": 1.0, "people_camp_inmates": 2.0, "camp_newcomers": 0.4, "camp_health": 0.8,
        "camp_death_rate": 0.03, "health_line": 0.9, "unfree_hunger": 12.0, "camp_toll": 5.0,
        "most_toll_of_unfree": 0.2,
    }  # fmt: skip
    return reckon("confinement.die_in_confinement", **(usual | other))


def excess(**other: float) -> float:
    return float(np.ravel(inmates(**other)["excess_deaths_inmates"])[0])


def test_deaths_of_inmates_are_ordinary_ones_and_those_of_hunger_and_weak_newcomers() -> None:
    assert float(np.ravel(inmates()["deaths_inmates"])[0]) == pytest.approx(0.03 / 12.0)
    assert excess() == pytest.approx(0.03 / 12.0 * (np.exp(12.0 * 0.1 + 5.0 * 0.2) - 1.0))
    assert excess(unfree_hunger=0.0) == pytest.approx(0.03 / 12.0 * (np.exp(1.0) - 1.0))
    assert excess(unfree_hunger=0.0, camp_toll=0.0) == 0.0
    assert excess(camp_newcomers=0.0, camp_health=1.0) == 0.0
    assert excess(people_camp_inmates=0.0, camp_newcomers=0.0, camp_health=1.0) == 0.0
    assert excess(camp_health=0.0, unfree_hunger=25.0) == 0.2  # nobody dies twice


def settlers(**other: float) -> dict[str, float]:
    usual: Given = {
        "people_special_settlers": 1.2, "settlement_health": 0.8, "settlement_places": 0.9,
        "settler_birth_rate": 0.03, "settler_death_rate": 0.02, "health_line": 0.9, "unfree_hunger": 12.0,
        "exile_toll": 2.0, "most_toll_of_unfree": 0.2,
    }  # fmt: skip
    made = reckon("confinement.live_in_settlements", **(usual | other))
    return {name: float(np.ravel(value)[0]) for name, value in made.items()}


def test_settlers_without_a_house_die_and_bear_no_children() -> None:
    made = settlers()
    assert made["deaths_special_settlers"] == pytest.approx(1.2 * 0.02 / 12.0)
    toll = np.exp(12.0 * 0.1 + 2.0 * 0.25)
    assert made["excess_deaths_special_settlers"] == pytest.approx(1.2 * 0.02 / 12.0 * (toll - 1.0))
    assert made["births_special_settlers"] == pytest.approx(1.2 * 0.03 / 12.0 * 0.75 * 0.8)
    housed = settlers(settlement_places=2.0, settlement_health=1.3)
    assert housed["excess_deaths_special_settlers"] == 0.0
    assert housed["births_special_settlers"] == pytest.approx(1.2 * 0.03 / 12.0)
    assert settlers(settlement_places=0.0)["births_special_settlers"] == 0.0
    assert settlers(exile_toll=0.0, unfree_hunger=0.0)["excess_deaths_special_settlers"] == 0.0
    nobody = settlers(people_special_settlers=0.0, settlement_places=0.0)
    assert set(nobody.values()) == {0.0}


def test_houses_follow_the_deported_with_a_delay() -> None:
    def built(people: float, places: float) -> float:
        made = reckon(
            "labor_camps.build_houses",
            people_special_settlers=people,
            settlement_places=places,
            houses_time=20.0,
        )
        return float(np.ravel(made["settlement_places"])[0])

    assert built(1.0, 1.0) == pytest.approx(1.0)
    assert 0.0 < built(1.0, 0.0) < 0.1
    assert 0.9 < built(0.0, 1.0) < 1.0


# ---- terms -------------------------------------------------------------------------------------------------


def served(**other: float) -> float:
    usual: Given = {"half_term": 1.5, "workday_credits": 1.0, "credit": 0.2}
    return float(np.ravel(reckon("labor_camps.served_in_a_month", **(usual | other)))[0])


def test_days_of_work_shorten_the_term_while_they_count() -> None:
    assert served() == pytest.approx(1.2 / 18.0)
    assert served(workday_credits=0.0) == served(credit=0.0) == pytest.approx(1.0 / 18.0)
    assert served(half_term=3.0) == pytest.approx(0.5 * served())


def freed(**other: float) -> dict[str, float]:
    usual: Given = {
        "people_camp_inmates": 1.0, "people_colony_inmates": 0.4, "late_in_term": 0.3,
        "served_in_a_month": 0.05, "camp_to_colony": 0.06, "colony_release": 1.2,
    }  # fmt: skip
    made = reckon("labor_camps.release", **(usual | other))
    return {name: float(np.ravel(value)[0]) for name, value in made.items()}


def test_camps_free_those_whose_term_ends() -> None:
    assert freed() == pytest.approx(
        {"camps_elsewhere": 0.005, "camp_releases": 0.015, "colony_releases": 0.04}
    )
    assert freed(late_in_term=0.0)["camp_releases"] == 0.0
    assert freed(served_in_a_month=7.0)["camp_releases"] == 0.3


def terms(**other: float) -> dict[str, float]:
    usual: Given = {
        "people_camp_inmates": 1.0, "late_in_term": 0.3, "longest_terms": 0.2, "longest_share": 0.4,
        "sentenced_for_longest": 0.4, "prison_months": 4.0, "served_in_a_month": 0.05,
        "moved_transports_to_camps": 0.0, "moved_colonies_to_camps": 0.0, "moved_camp_releases": 0.0,
        "moved_camp_escapes": 0.0, "moved_camps_elsewhere": 0.0, "moved_deaths_camp_inmates": 0.0,
        "moved_excess_deaths_camp_inmates": 0.0,
    }  # fmt: skip
    made = reckon("labor_camps.serve_terms", **(usual | other))
    return {name: float(np.ravel(value)[0]) for name, value in made.items()}


def test_inmates_pass_into_the_second_half_but_for_the_longest_terms() -> None:
    assert terms()["in_second_half"] == pytest.approx(0.3 + 0.05 * 0.5)
    assert terms()["longest_terms"] == pytest.approx(0.2)
    assert terms(moved_camp_releases=0.1)["in_second_half"] == pytest.approx(0.2 + 0.05 * 0.6)
    all_long = terms(longest_terms=0.7)
    assert all_long["in_second_half"] == pytest.approx(0.3)
    arrived = terms(moved_transports_to_camps=0.1, moved_colonies_to_camps=0.05)
    assert arrived["longest_terms"] == pytest.approx(0.2 + 0.4 * 0.15)
    assert arrived["in_second_half"] == pytest.approx(0.3 + 0.05 * (1.0 - 0.3 - 0.26))


def test_the_three_parts_of_a_camp_lose_and_gain_what_the_camp_does() -> None:
    """Where nobody passes on each part keeps its share of who is left; the freed are of the second half."""
    before, freed, died, came = 1.0, 0.06, 0.1, 0.2
    held = before - freed - died + came
    made = terms(
        people_camp_inmates=held, served_in_a_month=0.0, moved_camp_releases=freed,
        moved_deaths_camp_inmates=died, moved_transports_to_camps=came, longest_share=0.5,
    )  # fmt: skip
    stay = 1.0 - died / (held + died)
    assert made["in_second_half"] == pytest.approx(0.3 * stay - freed)
    assert made["longest_terms"] == pytest.approx(0.2 * stay + 0.1)
    first = held - made["in_second_half"] - made["longest_terms"]
    assert first == pytest.approx(0.5 * stay + 0.1, abs=0.02)  # who came shares the losses of the month


@pytest.mark.parametrize(
    "way",
    ["camp_escapes", "camps_elsewhere", "deaths_camp_inmates", "excess_deaths_camp_inmates"],
)
def test_death_flight_and_removal_take_from_all_alike(way: str) -> None:
    left = terms(**{f"moved_{way}": 1.0}, served_in_a_month=0.0)  # a half of those who were there
    assert left["in_second_half"] == pytest.approx(0.15)
    assert left["longest_terms"] == pytest.approx(0.1)


@given(late=UNIT, longest=UNIT, arrived=UNIT, freed_now=UNIT, pace=st.floats(0.0, 3.0))
def test_parts_of_the_camps_never_exceed_the_whole(
    late: float, longest: float, arrived: float, freed_now: float, pace: float
) -> None:
    made = terms(
        late_in_term=late, longest_terms=longest * (1.0 - late), served_in_a_month=pace,
        moved_transports_to_camps=arrived, moved_camp_releases=freed_now,
    )  # fmt: skip
    assert min(made["in_second_half"], made["longest_terms"]) >= 0.0
    assert made["in_second_half"] + made["longest_terms"] <= 1.0 + 1e-12


def test_the_longest_terms_are_those_of_political_arrests_while_they_are_driven() -> None:
    def share(**other: float) -> float:
        usual: Given = {"bound_for_camps": 0.1, "terror_now": 0.1, "shot": 0.05, "mass_arrests": 1.0}
        made = reckon("repression.sentence", **(usual | other))
        return float(np.ravel(made["sentenced_for_longest"])[0])

    assert share() == pytest.approx(0.5)
    assert share(mass_arrests=0.0) == 0.0
    assert share(shot=0.0) == 1.0
    assert share(bound_for_camps=0.0) == 1.0
    assert share(terror_now=0.0, shot=0.0, bound_for_camps=0.0) == 0.0


def test_who_is_shot_is_bound_for_no_camp() -> None:
    usual: Given = {"terror_now": 0.1, "executed": 0.5, "summary_courts": 0.4}
    assert float(np.ravel(reckon("repression.shot", **usual))[0]) == pytest.approx(0.02)
    bound: Given = {
        "penal_arrests": 0.1, "long_terms": 0.2, "terror_now": 0.1, "shot": 0.02, "arrests_for_hands": 0.01,
    }  # fmt: skip
    assert float(np.ravel(reckon("repression.bound_for_camps", **bound))[0]) == pytest.approx(0.11)


def test_newcomers_of_mass_operations_are_counted_and_forgotten() -> None:
    def counted(**other: float) -> float:
        usual: Given = {
            "camp_newcomers": 0.2, "people_camp_inmates": 1.0, "moved_transports_to_camps": 0.05,
            "moved_colonies_to_camps": 0.03, "longest_share": 0.5, "settling_in": 5.0,
        }  # fmt: skip
        return float(np.ravel(reckon("labor_camps.count_newcomers", **(usual | other))["camp_newcomers"])[0])

    assert counted() == pytest.approx(0.2 * np.exp(-0.2) + 0.04)
    assert counted(longest_share=0.0) == pytest.approx(0.2 * np.exp(-0.2))
    assert counted(people_camp_inmates=0.1) == 0.1


# ---- flight and arrests ------------------------------------------------------------------------------------


def test_guards_tighten_by_the_year_and_end_flight() -> None:
    def left(guard: float, tightening: float = 0.5) -> float:
        return float(np.ravel(reckon("labor_camps.unguarded", guard=guard, guard_tightening=tightening))[0])

    assert left(0.0) == left(3.0, tightening=0.0) == 1.0
    assert left(4.0) == pytest.approx(np.exp(-2.0))

    def years(lever: float) -> float:
        made = reckon("labor_camps.tighten_guard", guard=1.0, guarded_camps=lever)
        return float(np.ravel(made["guard"])[0])

    assert years(1.0) == pytest.approx(1.0 + 1.0 / 12.0)
    assert years(0.0) == 1.0


def test_inmates_flee_by_their_number_and_some_are_caught_again() -> None:
    usual: Given = {
        "people_camp_inmates": 0.6, "camp_escape": 0.2, "recapture": 0.6, "unguarded": 0.5,
        "people_special_settlers": 1.2, "settlement_health": 0.6, "settler_release": 0.02,
        "settler_escape": 0.1, "settler_flight": 0.5, "people_kolkhoz_members_region": MEMBERS,
    }  # fmt: skip
    made = reckon("labor_camps.escape", **usual)
    assert float(np.ravel(made["camp_escapes"])[0]) == pytest.approx(0.6 * 0.2 * 0.5 / 12.0)
    assert float(np.ravel(made["camp_recaptured"])[0]) == pytest.approx(0.6 * 0.6 * 0.2 * 0.5 / 12.0)
    assert np.broadcast_to(made["settler_escapes_region"], MANY).min() > 0.0


def test_campaigns_and_quotas_are_orders_and_nothing_without_them() -> None:
    def penal(**other: float) -> float:
        usual: Given = {
            "exposed_people": 120.0, "village_nutrition": 1.0, "penal_law": 1.0, "law_hazard": 0.006,
            "hunger_arrests": 0.02, "penal_hazard": 0.001, "camp_economy": 1.0, "arrests_by_quota": 1.0,
            "campaign_hazard": 0.01,
        }  # fmt: skip
        return float(np.ravel(reckon("repression.penal_arrests", **(usual | other)))[0])

    assert penal() == pytest.approx(10.0 * (0.001 + 0.006 + 0.01))
    assert penal(arrests_by_quota=0.0) == penal(campaign_hazard=0.0) == pytest.approx(0.07)

    def political(**other: float) -> float:
        usual: Given = {
            "contagious_now": 0.02, "political_arrests": 0.01, "resistance_arrests": 0.004,
            "dekulakisation": 4.0, "quota_arrests": 0.05, "arrests_by_quota": 1.0,
        }  # fmt: skip
        return float(np.ravel(reckon("repression.terror_now", **(usual | other)))[0])

    assert political() == pytest.approx(0.084)
    assert political(arrests_by_quota=0.0) == political(quota_arrests=0.0) == pytest.approx(0.034)
    assert political(dekulakisation=0.0) == pytest.approx(0.08)


def test_an_arrest_leads_to_others_while_arrests_are_driven() -> None:
    def led_to(**other: float) -> float:
        usual: Given = {"mass_arrests": 0.5, "contagion": 0.8, "terror": 0.1, "terror_fading": 0.03}
        return float(np.ravel(reckon("repression.contagious_now", **(usual | other)))[0])

    assert led_to() == pytest.approx(0.04)
    assert led_to(contagion=0.0) == 0.0
    assert led_to(mass_arrests=0.0) == 0.03
