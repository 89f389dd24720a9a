"""``planmodel equations``: an equation or a quantity, with what it reads and who reads it."""

from cli_calls import planmodel

from planmodel.scenario import load_scenario


def test_an_equation_is_shown_with_all_that_is_known_of_it() -> None:
    answer = planmodel("equations", "soviet", "make_metal")
    assert (answer.status, answer.err) == (0, "")
    text = " ".join(answer.out.split())
    assert "economies/soviet/industry.py:" in text
    assert "Steel from capacity, work, transport and upkeep" in text
    assert "metal_and_fuel_index <- 12 * metal_output / metal_output_1928" in text
    assert "upkeep_ratio: variable of metal" in text
    assert "written by metal.keep_in_repair" in text
    assert "heavy_industry.count_heavy_industry" in text


def test_a_quantity_is_shown_with_who_writes_and_reads_it() -> None:
    text = " ".join(planmodel("equations", "village_nutrition").out.split())
    assert "written by nutrition.count_calories" in text
    assert "through auxiliaries and lags, by livestock.slaughter_animals" in text
    text = " ".join(planmodel("equations", "soviet", "metal.sites_part").out.split())
    size = load_scenario("baseline").parameters.metal.sites_part
    assert f"parameter of metal = {size:g} [0.15 to 0.35]" in text
    assert "read by metal.divide_metal" in text


def test_a_name_that_is_of_all_regions_is_shown_by_the_first() -> None:
    for name in ("village_nutrition", "village_nutrition_region"):
        answer = planmodel("equations", name)
        assert (answer.status, answer.err) == (0, "")
        text = " ".join(answer.out.split())
        assert f"{name} 8 quantities: village_nutrition_ukraine, village_nutrition_north_caucasus" in text
        assert "variable of nutrition" in text
    answer = planmodel("equations", "vilage_nutrition")
    assert answer.err.startswith("error: no equation, quantity or economy is called 'vilage_nutrition'; did")


def test_variants_stand_with_what_they_replace() -> None:
    text = planmodel("equations", "soviet", "fed_work").out
    assert "workforce.fed_work\n" in text
    assert "workforce.fed_work without food_productivity" in text


def test_without_a_name_all_equations_are_listed() -> None:
    answer = planmodel("equations", "kuzbass")
    assert "colonists: colonists" in answer.out
    assert "believe: labour" in answer.out
    assert answer.status == 0


def test_a_name_that_stands_for_nothing_is_refused_with_the_nearest() -> None:
    answer = planmodel("equations", "soviet", "maek_metal")
    assert answer.status == 2
    assert (
        "no equation or quantity of soviet is called 'maek_metal'; did you mean 'make_metal'?" in answer.err
    )
    answer = planmodel("equations", "kuzbas")
    assert answer.status == 2
    assert "'kuzbas'; did you mean 'kuzbass'?" in answer.err
    answer = planmodel("equations", "kuzbass", "mien")
    assert answer.err == "error: no equation or quantity of kuzbass is called 'mien'; did you mean 'mine'?\n"
