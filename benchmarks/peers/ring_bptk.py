"""The ring in BPTK-Py: its language for System Dynamics, by its engine in Python or in Rust (``--rust``).

The model is built once; ``simulate`` forgets what it knew and evaluates all steps anew.
"""

import argparse
import importlib.metadata

from answering import answer
from BPTK_Py import Model
from the_ring import RATE, START, STEPS, STOCKS


def built() -> Model:
    """Return the model."""
    model = Model(starttime=0.0, stoptime=float(STEPS), dt=1.0, name="ring")
    stocks = [model.stock(f"stock_{i}") for i in range(STOCKS)]
    flows = [model.flow(f"flow_{i}") for i in range(STOCKS)]
    for i, (stock, flow) in enumerate(zip(stocks, flows, strict=True)):
        stock.initial_value = START[i]
        flow.equation = stock * RATE[i]
        stock.equation = flows[i - 1] - flow
    return model


def main() -> None:
    """Answer by one of the engines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rust", action="store_true")
    backend = "rust" if parser.parse_args().rust else "python"
    model, last = built(), f"stock_{STOCKS - 1}"

    def run() -> float:
        return float(model.simulate([last], backend=backend)[last].iloc[-1])

    answer({"one": run, "version": lambda: importlib.metadata.version("bptk-py")})


if __name__ == "__main__":
    main()
