"""Magnitogorsk: the door with and without passports, the dam with and without haste."""

from __future__ import annotations

from pathlib import Path

from planmodel.report.variants import Difference, Plot, Row, write_variants

SCENARIO = "magnitogorsk"
MEMBERS = 100
VARIANTS = {
    "as decreed": Difference(),
    "no passports": Difference(switch_off=("passports",)),
    "no haste": Difference(switch_off=("haste",)),
    "no winter building": Difference(changes={"decrees.year_round.enabled": False}),
}
DOOR = ("as decreed", "no passports", "no winter building")
PLOTS = (
    Plot("Workers on the site", "workers", only=DOOR),
    Plot("Departures in the month", "departures", only=DOOR),
    Plot("Mean stay of free workers", "mean_stay", only=DOOR),
    Plot("Hardship: what is missing of food and shelter", "hardship", only=DOOR),
    Plot("Skilled workers", "skill_workers", only=DOOR),
    Plot("A dam holds enough water", "dam_works", only=("as decreed", "no haste")),
)
ROWS = (
    Row("arrivals, mobilised", "arrivals_mobilised", "1930..1933"),
    Row("arrivals, organised recruitment", "arrivals_recruited", "1930..1933"),
    Row("arrivals of themselves (samotek)", "arrivals_samotek", "1930..1933"),
    Row("arrivals, foreigners", "arrivals_foreign", "1930..1933"),
    Row("arrivals, special settlers", "arrivals_settlers", "1930..1933"),
    Row("left so far over workers there", "left_so_far", "1934-01-01", "workers", "a revolving door"),
    Row("newcomers gone within a month", "gone_in_first_month", "1930..1932", None, "many"),
    Row("mean stay, months", "mean_stay", "1930..1932", None, "1 to a few months"),
    Row("mean stay, months", "mean_stay", "1933"),
    Row("mean stay, months", "mean_stay", "1935", None, "industry at large: nearly 14"),
    Row("skilled workers, thousand", "skill_workers", "1935-12-31"),
    Row("unfree in the workforce", "penal_share", "1934..1935", None, "about 0.30"),
    Row("people on the site, thousand", "population_of_site", "1935-12-31", None, "150 or more by 1939"),
    Row("first dam: months ahead of its day", "months_ahead", "1935-12-31", None, "ahead"),
    Row("a second dam begun", "second_dam_begun", "1935-12-31", None, "at once"),
)

if __name__ == "__main__":
    print(
        write_variants(Path(__file__).parent, SCENARIO, VARIANTS, PLOTS, ROWS, MEMBERS).to_string(index=False)
    )
