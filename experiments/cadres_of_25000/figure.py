"""The 25,000ers: with them, without them, and with many times as many."""

from __future__ import annotations

from pathlib import Path

from planmodel.report.variants import Difference, Plot, Row, write_variants

SCENARIO = "cadres_of_25000"
MEMBERS = 100
VARIANTS = {
    "25 thousand": Difference(),
    "none": Difference(switch_off=("cadres",)),
    "250 thousand": Difference(changes={"parameters.cadres.called": 250.0}),
    "1 million": Difference(changes={"parameters.cadres.called": 1000.0}),
    "25 thousand, not heard": Difference(switch_off=("reports",)),
}
RECORD = {
    "1930-01-01": 0.155, "1930-01-20": 0.21, "1930-02-20": 0.50, "1930-03-01": 0.593, "1930-03-10": 0.58,
    "1930-04-01": 0.37, "1930-05-01": 0.28, "1930-06-01": 0.24, "1930-10-01": 0.217, "1931-01-01": 0.275,
    "1931-07-01": 0.571,
}  # fmt: skip
PLOTS = (
    Plot("Households in kolkhozes", "share_in_kolkhozes", RECORD),
    Plot("Pressure on individual households", "pressure"),
    Plot("Discontent", "discontent"),
    Plot("Say of the centre's workers in the tempo", "control"),
)
ROWS = (
    *(
        Row("share in kolkhozes", "share_in_kolkhozes", day, None, f"{share:g}")
        for day, share in RECORD.items()
    ),
    Row("workers in the villages, thousand", "cadres_in_villages", "1930-02-28", None, "25 called"),
    Row("rural party members for each", "officials", "1930-02-28", "cadres_in_villages", "outnumbered"),
    Row("say of the centre's workers", "control", "1930-02-28"),
    Row("discontent", "discontent", "1930-02-28"),
    Row("households that joined, million", "households_joined", "1929-10-01..1930-07-31"),
    Row("households that left again, million", "households_left", "1930"),
    Row("drives called off by July 1930", "truces", "1930-07-31", None, "1"),
)

if __name__ == "__main__":
    print(
        write_variants(Path(__file__).parent, SCENARIO, VARIANTS, PLOTS, ROWS, MEMBERS).to_string(index=False)
    )
