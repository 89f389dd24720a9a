"""How fast the model runs, as ratios within one run of this program (machines are shared and noisy).

Prints the rate of a chunk of members against one member at a time, and how the cost of a member depends on
the size of the chunk.
"""

from __future__ import annotations

import statistics
import time

from planmodel.economy import run
from planmodel.scenario import load_scenario

RECORDED = ("grain_harvest", "collectivised_share", "cattle", "deaths", "population")
CHUNKS = (1, 100, 1_000, 4_000)


def seconds(members: int, repeats: int) -> float:
    scenario = load_scenario("baseline")
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        run(scenario, members=members, wanted=RECORDED)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    seconds(1, 1)  # imports and caches
    cost = {size: seconds(size, 3) / size for size in CHUNKS}
    print(f"{'members in a chunk':>20} {'ms a member':>12} {'members/s':>10} {'times one by one':>17}")
    for size, each in cost.items():
        print(f"{size:>20,} {1000 * each:>12.3f} {1 / each:>10,.0f} {cost[1] / each:>17.1f}")


if __name__ == "__main__":
    main()
