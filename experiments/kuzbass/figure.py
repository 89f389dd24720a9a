"""The Kuzbass colony: within a trust from 1927, autonomous, and with equal supply kept."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.results import Record, Results
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants

ARTICLE = "encyclopaedia_article"
PLOTS = (
    Plot("Foreign settlers at work", "colonists"),
    Plot("All workers of the colony", "employees", ("colony_employees", ARTICLE)),
    Plot("Coal", "coal_mined"),
    Plot("Coke and by-products", "chemicals_made"),
    Plot("Effort", "effort"),
    Plot("Mines worked", "mines_worked"),
)
ROWS = (
    Row("settlers who came", "arrived_colonists", "1922..1926", said="560 employed, 3000 planned",
        record=("colony_foreigners_arrived", ARTICLE)),
    Row("employees", "employees", "1923-12-31", record=("colony_employees", ARTICLE), said="about"),
    Row("miners", "people_miners", "1923-12-31", record=("colony_russian_workers", ARTICLE), at="1923",
        said="about"),
    Row("office hours", "office_hours", "1923-12-31", at="1922..1923",
        record=("colony_office_hours", ARTICLE)),
    Row("budget money", "budget_support", "1922-01-01..1926-11-30",
        record=("colony_budget_support", ARTICLE), at="1921"),
    Row("settlers", "colonists", "1926-12-27"),
    Row("settlers", "colonists", "1931-07-01", record=("colony_colonists_remaining", ARTICLE), at="1931"),
    Row("coal, thousand tonnes", "coal_mined", "1923"),
    Row("coal, thousand tonnes", "coal_mined", "1926"),
    Row("coal, thousand tonnes", "coal_mined", "1931"),
    Row("machines of the mines, million roubles", "capital_mines", "1931-07-01"),
    Row("mines worked", "mines_worked", "1931-07-01"),
    Row("own food over all food", "own_food", "1925", said="an advanced farm"),
    Row("chemical works run", "chemical_works_run", "1926-12-27", said="built and put into production"),
)  # fmt: skip


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return tabulate_variants(results, record, ROWS, PLOTS)


def draw(table: pd.DataFrame) -> Figure:
    return draw_variants(table, "The Kuzbass colony, 1922-31")
