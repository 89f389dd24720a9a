"""The ring in Mesa: a stock is an agent; in a step all reckon what they pass on, then all move it."""

import mesa
from answering import answer
from the_ring import RATE, START, STEPS, STOCKS


class Stock(mesa.Agent):  # type: ignore[misc]
    """A stock that passes a share of itself to the next."""

    def __init__(self, model: mesa.Model, amount: float, rate: float) -> None:
        super().__init__(model)
        self.amount, self.rate, self.moved = amount, rate, 0.0
        self.next: Stock = self

    def reckon(self) -> None:
        """Say what is passed on in this step."""
        self.moved = self.amount * self.rate

    def move(self) -> None:
        """Pass it on."""
        self.amount -= self.moved
        self.next.amount += self.moved


class Ring(mesa.Model):  # type: ignore[misc]
    """Twenty stocks."""

    def __init__(self) -> None:
        super().__init__(seed=1)
        self.stocks = [Stock(self, amount, rate) for amount, rate in zip(START, RATE, strict=True)]
        for i, stock in enumerate(self.stocks):
            stock.next = self.stocks[(i + 1) % STOCKS]

    def step(self) -> None:
        """Let all act; in the order of the ring, as nobody's result depends on it."""
        self.agents.do("reckon")
        self.agents.do("move")


def run() -> float:
    """Return what the last stock holds at the end."""
    model = Ring()
    for _ in range(STEPS):
        model.step()
    return model.stocks[-1].amount


if __name__ == "__main__":
    answer({"one": run, "version": lambda: mesa.__version__})
