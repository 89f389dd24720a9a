"""The ring in SimPy: a process for each flow, which takes in one event and gives in the next.

Stocks are plain numbers, not ``simpy.Container``: a container asks for events to put and get, and is some
times slower. Over rows of NumPy the same processes carry all members at once.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from answering import answer
from the_ring import RATE, START, STEPS, STOCKS


def flow(env: simpy.Environment, stocks: list[Any], i: int) -> Generator[simpy.Event, None, None]:
    """Pass a share of a stock to the next in every step: all reckon, then all move."""
    to, rate = (i + 1) % STOCKS, RATE[i]
    for _ in range(STEPS):
        moved = stocks[i] * rate
        yield env.timeout(0.5)
        stocks[i] -= moved
        stocks[to] += moved
        yield env.timeout(0.5)


def play(stocks: list[Any]) -> Any:
    """Run the processes; return the last stock."""
    env = simpy.Environment()
    for i in range(STOCKS):
        env.process(flow(env, stocks, i))
    env.run()
    return stocks[-1]


def one() -> float:
    """Return what the last stock holds at the end."""
    return float(play(START.copy()))


def many(members: int) -> float:
    """Return what the last stock of the last member holds at the end."""
    return float(play([np.full(members, start) for start in START])[-1])


if __name__ == "__main__":
    answer({"one": one, "many": many, "version": lambda: simpy.__version__})
