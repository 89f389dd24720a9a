"""The labour process: levelling and differentials; without shock work, meetings, one-man management."""

from __future__ import annotations

from pathlib import Path

from planmodel.report.variants import Difference, Plot, Row, write_variants

SCENARIO = "labour_process"
MEMBERS = 100
VARIANTS = {
    "levelling": Difference(),
    "differentials": Difference(switch_off=("levelling",)),
    "no one-man management": Difference(switch_off=("one_man_management",)),
    "no shock work": Difference(switch_off=("shock_work",)),
    "no meetings": Difference(switch_off=("meetings",)),
}
TWO = ("levelling", "differentials")
PLOTS = (
    Plot("Pay, skilled over unskilled: plants that level", "spread_level", only=TWO),
    Plot("Skilled share: plants that level", "skilled_share_level", only=TWO),
    Plot("Skilled share: plants with wide pay", "skilled_share_wide", only=TWO),
    Plot("Job changes", "turnover", {"1930-07-01": 1.5}, TWO),
    Plot("Output a worker", "output_a_worker"),
    Plot("Shock workers", "shock_workers"),
)
ROWS = (
    Row("pay, skilled over unskilled, all", "mean_spread", "1929-05-31"),
    Row("pay, skilled over unskilled, all", "mean_spread", "1931-05-31", None, "narrower than 1929"),
    Row("pay, skilled over unskilled, plants that level", "spread_level", "1931-05-31", None, "no more"),
    Row("skilled share, plants that level", "skilled_share_level", "1931-06-30", None, "falls"),
    Row("skilled share, plants with wide pay", "skilled_share_wide", "1931-06-30"),
    Row("communes", "communes", "1931-05-31"),
    Row("communes", "communes", "1932-12-31", None, "given up"),
    Row("job changes a year", "turnover", "1930", None, "1.5"),
    Row("meetings, hours a day", "meetings", "1929..1932", None, "0.5"),
    Row("norms, January 1931 (1928 = 1)", "norm", "1931-01-01", None, "10 to 20 % in 1929-30"),
    Row("output a worker", "output_a_worker", "1930"),
    Row("output a worker", "output_a_worker", "1931", None, "seriously disrupted"),
    Row("output a worker", "output_a_worker", "1932"),
    Row("output a worker, plants that level", "output_a_worker_level", "1931"),
    Row("output a worker, plants with wide pay", "output_a_worker_wide", "1931"),
)

if __name__ == "__main__":
    print(
        write_variants(Path(__file__).parent, SCENARIO, VARIANTS, PLOTS, ROWS, MEMBERS).to_string(index=False)
    )
