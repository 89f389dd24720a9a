"""The ring as a NumPy matrix, stocks by members: no engine, the least that NumPy takes."""

import numpy as np
from answering import answer
from the_ring import RATE, START, STEPS


def run(members: int = 1) -> float:
    """Return what the last stock of the last member holds at the end."""
    stocks = np.repeat(np.array(START)[:, None], members, axis=1)
    rate = np.array(RATE)[:, None]
    moved = np.empty_like(stocks)
    for _ in range(STEPS):
        np.multiply(stocks, rate, out=moved)
        stocks -= moved
        stocks[1:] += moved[:-1]
        stocks[0] += moved[-1]
    return float(stocks[-1, -1])


if __name__ == "__main__":
    answer({"one": run, "many": run, "version": lambda: np.__version__})
