"""The Kuzbass colony: within a trust from 1927, autonomous, and with equal supply kept."""

from __future__ import annotations

from pathlib import Path

from planmodel.report.variants import Difference, Plot, Row, write_variants

SCENARIO = "kuzbass"
MEMBERS = 100
VARIANTS = {
    "into a trust": Difference(),
    "autonomous": Difference(switch_off=("absorption",)),
    "autonomous, own head": Difference(("absorption",), {"decrees.new_head.enabled": False}),
    "equal supply kept": Difference(switch_off=("wage_scale",)),
    "trust without budget money": Difference(changes={"parameters.treasury.state_investment": 0.0}),
    "trust, twice the budget money": Difference(changes={"parameters.treasury.state_investment": 0.3}),
}
PLOTS = (
    Plot("Foreign settlers at work", "colonists", {"1931-07-01": 25.0}),
    Plot("All workers of the colony", "employees", {"1923-12-31": 8000.0}),
    Plot("Coal", "coal_mined"),
    Plot("Coke and by-products", "chemicals_made"),
    Plot("Effort", "effort"),
    Plot("Mines worked", "mines_worked"),
)
ROWS = (
    Row("settlers who came", "arrived_colonists", "1922..1926", None, "750 came, 560 worked; 3000 planned"),
    Row("employees", "employees", "1923-12-31", None, "about 8000"),
    Row("miners", "people_miners", "1923-12-31", None, "about 5000"),
    Row("office hours", "office_hours", "1923-12-31", None, "9"),
    Row("budget money to November 1926", "budget_support", "1922-01-01..1926-11-30", None, "0"),
    Row("settlers", "colonists", "1926-12-27"),
    Row("settlers", "colonists", "1931-07-01", None, "25"),
    Row("coal, thousand tonnes", "coal_mined", "1923"),
    Row("coal, thousand tonnes", "coal_mined", "1926"),
    Row("coal, thousand tonnes", "coal_mined", "1931"),
    Row("machines of the mines, million roubles", "capital_mines", "1931-07-01"),
    Row("mines worked", "mines_worked", "1931-07-01"),
    Row("own food over all food", "own_food", "1925", None, "an advanced farm"),
    Row("chemical works run", "chemical_works_run", "1926-12-27", None, "built and put into production"),
)

if __name__ == "__main__":
    print(
        write_variants(Path(__file__).parent, SCENARIO, VARIANTS, PLOTS, ROWS, MEMBERS).to_string(index=False)
    )
