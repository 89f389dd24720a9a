"""The labour process: levelling and differentials; without shock work, meetings, one-man management."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.results import Record, Results
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants

TWO = ("levelling", "differentials")
PLOTS = (
    Plot("Pay, skilled over unskilled: plants that level", "spread_level", only=TWO),
    Plot("Skilled share: plants that level", "skilled_share_level", only=TWO),
    Plot("Skilled share: plants with wide pay", "skilled_share_wide", only=TWO),
    Plot("Job changes", "turnover", ("labour_turnover", "book"), TWO),
    Plot("Output a worker", "output_a_worker"),
    Plot("Shock workers", "shock_workers"),
)
ROWS = (
    Row("pay, skilled over unskilled, all", "mean_spread", "1929-05-31"),
    Row("pay, skilled over unskilled, all", "mean_spread", "1931-05-31", said="narrower than 1929"),
    Row("pay, skilled over unskilled, plants that level", "spread_level", "1931-05-31", said="no more"),
    Row("skilled share, plants that level", "skilled_share_level", "1931-06-30", said="falls"),
    Row("skilled share, plants with wide pay", "skilled_share_wide", "1931-06-30"),
    Row("communes", "communes", "1931-05-31"),
    Row("communes", "communes", "1932-12-31", said="given up"),
    Row("job changes a year", "turnover", "1930", record=("labour_turnover", "book")),
    Row("meetings, hours a day", "meetings", "1929..1932", at="1928..1932",
        record=("meeting_time", "kuromiya_viola_review")),
    Row("norms, January 1931 (1928 = 1)", "norm", "1931-01-01", said="10 to 20 % in 1929-30"),
    Row("output a worker", "output_a_worker", "1930"),
    Row("output a worker", "output_a_worker", "1931", said="seriously disrupted"),
    Row("output a worker", "output_a_worker", "1932"),
    Row("output a worker, plants that level", "output_a_worker_level", "1931"),
    Row("output a worker, plants with wide pay", "output_a_worker_wide", "1931"),
)  # fmt: skip


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return tabulate_variants(results, record, ROWS, PLOTS)


def draw(table: pd.DataFrame) -> Figure:
    return draw_variants(table, "The labour process, 1928-32")
