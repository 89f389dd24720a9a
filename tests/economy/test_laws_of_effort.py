"""Laws of effort on collective land: what is promised for reward, and what terms and hunger leave of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from standing import APRIL, JANUARY, JULY, MARCH, of, read, sizes, stand
from watching import BASELINE, act, put

from planmodel.engine import Array, every
from planmodel.runs.history import History


def effort(
    by: Mapping[str, float], day: date = APRIL, off: tuple[str, ...] = (), /, **variables: float
) -> float:
    """Return effort after the month, where 0.8 was promised for the reward of last year."""
    given = {"effort_promised": 0.8, "effort": 0.3} | variables
    history = stand(day, {"effort": by}, off, **given)
    act(history, "effort.respond_to_reward")
    return of(history, "effort")


ASKED, HUNGRY = {"taken_of_crop": 0.40}, {"field_nutrition": 0.7}


def test_effort_stands_as_promised_where_terms_hunger_and_novelty_are_at_their_null_values() -> None:
    null = {"terms_effect": 0.0, "despair": 0.0, "newness": 0.0}
    assert effort(null, collectivised_share=0.9, **ASKED, **HUNGRY) == 0.8


def test_effort_is_withheld_by_what_is_asked_beyond_1927_and_by_hunger_in_spring() -> None:
    assert effort({"terms_effect": 0.6}, **ASKED) == pytest.approx(0.8 * (1.0 - 0.6 * 0.25), rel=1e-12)
    assert effort({"despair": 0.5}, **HUNGRY) == pytest.approx(0.8 * (1.0 - 0.5 * 0.3), rel=1e-12)
    both = effort({"terms_effect": 0.6, "despair": 0.5}, **ASKED, **HUNGRY)
    assert both == pytest.approx(0.8 * 0.85 * 0.85, rel=1e-12)


def test_lenient_terms_and_a_full_spring_call_forth_no_more_than_was_promised() -> None:
    assert effort({"terms_effect": 1.0, "despair": 0.8}, taken_of_crop=0.05, field_nutrition=1.0) == 0.8


def test_effort_is_never_below_nothing_at_the_worst_of_all() -> None:
    worst = {"terms_effect": 1.0, "despair": 0.8, "newness": 0.25}
    least = effort(worst, taken_of_crop=1.0, field_nutrition=0.0, collectivised_share=1.0)
    assert 0.0 < least < 0.05


def test_the_wants_of_one_year_leave_no_mark_on_the_promise() -> None:
    """Month after month effort is what is left of the promise, and not of what was left of it."""
    history = stand(APRIL, {"effort": {"terms_effect": 0.6}}, effort_promised=0.8, **ASKED)
    for _ in range(3):
        act(history, "effort.respond_to_reward")
    assert of(history, "effort") == pytest.approx(0.8 * 0.85, rel=1e-12)
    put(history, {"taken_of_crop": 0.15})
    act(history, "effort.respond_to_reward")
    assert of(history, "effort") == 0.8


def test_the_promise_is_made_in_january_by_the_reward() -> None:
    history = stand(JANUARY, effort_promised=0.1)
    reward = read(history, "effort_by_reward", "effort")
    act(history, "effort.respond_to_reward")
    assert of(history, "effort") == of(history, "effort_promised") == reward != 0.1
    rich = stand(JANUARY, kolkhoz_harvest_this_year=5.0, distributed_this_year=3.0)
    assert read(rich, "effort_by_reward", "effort") > reward


def test_who_works_as_on_his_own_land_heeds_neither_terms_nor_hunger() -> None:
    worst = {"terms_effect": 1.0, "despair": 0.8, "newness": 0.25}
    off = ("effort_response",)
    assert effort(worst, JANUARY, off, taken_of_crop=0.6, field_nutrition=0.5) == 1.0
    assert effort(worst, APRIL, off, taken_of_crop=0.6, field_nutrition=0.5) == 0.8


def test_the_first_year_opens_with_the_effort_that_is_given() -> None:
    history = History(BASELINE)
    assert of(history, "effort_promised") == of(history, "effort")


def test_what_was_taken_is_the_whole_crop_at_most() -> None:
    for harvest, noted in ((60.0, 0.5), (1e-9, 1.0)):
        history = stand(MARCH, taken_this_year=30.0, harvest_this_year=harvest)
        act(history, "effort.note_what_was_taken")
        assert of(history, "taken_of_crop") == noted


def asked(credit: float, decreed: float, taken: float, scale: float = 1.0) -> float:
    history = stand(APRIL, {"effort": {"norm_credit": credit}}, taken_of_crop=taken)
    history.levers["obligatory_deliveries"] = decreed
    history.levers["delivery_scale"] = scale
    return read(history, "asked", "effort")


def test_peasants_reckon_with_what_was_taken_last_unless_they_believe_a_norm() -> None:
    norm = asked(1.0, 1.0, 0.9, scale=1.5)
    assert 0.0 < norm < 0.2
    assert asked(1.0, 1.0, 0.2, scale=1.5) == norm  # whatever was taken
    assert asked(0.0, 1.0, 0.4) == asked(1.0, 0.0, 0.4) == pytest.approx(0.25, rel=1e-12)
    half = asked(0.5, 1.0, 0.4, scale=1.5)
    assert half == pytest.approx(0.5 * 0.25 + 0.5 * norm, rel=1e-12)


def test_nothing_is_asked_beyond_1927_where_less_is_taken_or_due() -> None:
    assert asked(0.0, 0.0, 0.1) == 0.0
    assert asked(1.0, 1.0, 0.9, scale=0.1) == 0.0


def test_the_norm_is_a_share_of_an_ordinary_crop_whatever_the_last_one_was() -> None:
    shares = []
    for scale, harvest in ((1.0, 60.0), (1.0, 20.0), (2.0, 60.0)):
        history = stand(APRIL, {"procurement": {"mts_rate": 0.05}}, harvest_this_year=harvest)
        history.levers["delivery_scale"] = scale
        put(history, {"collectivised_share": 1.0, "mts_coverage": 0.5})
        shares.append(read(history, "share_due_by_norm", "procurement"))
    norm, crop = read(history, "norm_of_year", "procurement"), read(history, "ordinary_yield", "cropping")
    assert shares[0] == shares[1] == pytest.approx(0.5 * norm / crop + 0.025, rel=1e-9)
    assert shares[2] == pytest.approx(norm / crop + 0.025, rel=1e-9)
    history.levers["delivery_scale"] = 9.0
    history.workspace.forget()
    most = read(history, "most_taken", "procurement")
    assert read(history, "share_due_by_norm", "procurement") == pytest.approx(most + 0.025, rel=1e-9)
    before = (1.0 - read(history, "harvest_loss", "cropping")) * (
        1.0 - read(history, "hidden_always", "cropping")
    )
    assert crop == pytest.approx(of(history, "yield_1928") * before, rel=1e-12)


def test_the_norm_of_the_year_is_what_deliveries_take_of_a_hectare() -> None:
    history = stand(JULY, growing_area=10.0, harvest_this_year=1e3, collectivised_share=0.25)
    history.levers["obligatory_deliveries"] = 1.0
    history.workspace.forget()
    sizes = BASELINE.parameters.procurement
    due = 10.0 * sizes.delivery_norm * (0.25 + 0.75 * sizes.individual_norm)
    assert read(history, "due_this_year", "procurement") == pytest.approx(due, rel=1e-12)


ONLY_NEW = {"newness": 0.2, "terms_effect": 0.0, "despair": 0.0}  # nothing but novelty costs effort


@pytest.fixture(scope="module")
def year_by_year() -> dict[str, Array]:
    """What stands when each month's work has been judged, 1928 to 1932."""
    history = History(BASELINE.until(date(1932, 12, 31)), parameters=sizes({"effort": ONLY_NEW}))
    seen: dict[str, list[float]] = {}

    def look() -> None:
        for name in ("new_to_kolkhoz", "taken_of_crop", "effort_promised", "effort_held"):
            seen.setdefault(name, []).append(read(history, name, "effort"))
        for name in ("collectivised_share", "taken_this_year", "harvest_this_year"):
            seen.setdefault(name, []).append(of(history, name))

    history.clock.process(every(history.clock, "money", look))
    effort = history.run().dataset["effort"].isel(member=0).values
    return {name: np.array(values) for name, values in seen.items()} | {"effort": np.asarray(effort)}


def test_members_are_new_for_a_year_after_they_join(year_by_year: dict[str, Array]) -> None:
    share, new = year_by_year["collectivised_share"], year_by_year["new_to_kolkhoz"]
    joined = np.maximum(share[12:] - share[:-12], 0.0)
    np.testing.assert_allclose(new[12:], joined / share[12:], rtol=1e-9, atol=1e-12)
    assert new.max() > 0.5  # the spring of 1930
    assert ((new >= 0.0) & (new <= 1.0)).all()
    assert (new[12:][share[12:] <= share[:-12]] == 0.0).all()
    assert (share[12:] < share[:-12]).any()  # a year after the spring of 1930 fewer are in


def test_novelty_costs_effort_while_it_lasts(year_by_year: dict[str, Array]) -> None:
    promised, held = year_by_year["effort_promised"], year_by_year["effort_held"]
    np.testing.assert_allclose(held, 1.0 - 0.2 * year_by_year["new_to_kolkhoz"], rtol=1e-12)
    np.testing.assert_allclose(year_by_year["effort"], promised * held, rtol=1e-12)
    changed = np.flatnonzero(np.diff(promised)) + 1
    assert set(changed % 12) == {0}  # in January


def test_what_was_taken_is_known_from_march_for_a_year(year_by_year: dict[str, Array]) -> None:
    known = year_by_year["taken_of_crop"]
    for march in range(2, len(known) - 12, 12):
        share = year_by_year["taken_this_year"][march] / year_by_year["harvest_this_year"][march]
        np.testing.assert_allclose(known[march : march + 12], share, rtol=1e-12)
