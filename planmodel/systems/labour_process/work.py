"""What comes of it: output of the two kinds of plants, capital given."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.systems.labour_process.plants import PLANTS


class WorkParameters(Parameters):
    """Skill, effort, order and lost time."""

    skill: Array = parameter(
        0.55, unit="1", bounds=(0.2, 0.8), symbol=r"a",
        meaning="share of skilled work in output", source="assumption",
    )  # fmt: skip
    hours: Array = parameter(
        7.5, unit="hours/day", bounds=(7.0, 8.0), symbol=r"H",
        meaning="working day", source="seven to eight hours in these years (recalled)", evidence="recalled",
    )  # fmt: skip
    shock_gain: Array = parameter(
        0.25, unit="1", bounds=(0.0, 0.8), symbol=r"i_s",
        meaning="output that shock work at full share adds",
        source="lines 47 and 53: norms surpassed; size assumed",
    )  # fmt: skip
    storming: Array = parameter(
        0.12, unit="1", bounds=(0.0, 0.5), symbol=r"\psi",
        meaning="output lost by storming at full share: materials run out, routine is upset",
        source="lines 53 and 65; size assumed",
    )  # fmt: skip
    norm_effort: Array = parameter(
        0.3, unit="1", bounds=(0.0, 0.8), symbol=r"i_n",
        meaning="elasticity of effort with respect to norms", source="assumption",
    )  # fmt: skip
    equal_gain: Array = parameter(
        0.08, unit="1", bounds=(0.0, 0.4), symbol=r"e_u",
        meaning="effort that the unskilled add where shares are equal",
        source="line 55: mutual aid, elan; size assumed",
    )  # fmt: skip
    equal_loss: Array = parameter(
        0.1, unit="1", bounds=(0.0, 0.5), symbol=r"e_k",
        meaning="effort that the skilled hold back where shares are equal", source="assumption",
    )  # fmt: skip
    order: Array = parameter(
        0.05, unit="1", bounds=(0.0, 0.3), symbol=r"o",
        meaning="output that one-man management adds by order", source="line 63; size assumed",
    )  # fmt: skip
    new_in_place: Array = parameter(
        0.5, unit="1", bounds=(0.0, 1.0), symbol=r"\phi",
        meaning="work lost in the first month in a place",
        source="line 57: it disrupted production; size assumed",
    )  # fmt: skip


class Work(Component):
    """Output in units of what one worker made in a month of 1928."""

    name = "work"
    parameters = WorkParameters
    commodities = (Commodity("goods", "million worker-months of 1928", "output of industry, capital given"),)
    accounts = (
        Account("goods", "made", "goods made", kind="source"),
        Account("goods", "delivered", "goods delivered", kind="sink"),
    )
    flows = tuple(
        Flow(f"made_{p}", "goods", "made", "delivered", f"output, plants that pay {p}") for p in PLANTS
    )
    variables = (
        Variable("output", "million worker-months of 1928", "output of the month"),
        Variable("output_a_worker", "1", "output a worker"),
        *(Variable(f"output_a_worker_{p}", "1", f"output a worker, plants that pay {p}") for p in PLANTS),
        Variable("scale", "1", "output a worker in the first month"),
    )

    def processes(self) -> Iterable[Process]:
        """Make goods once a month."""
        yield every(self.clock, "work", self.make)

    def make(self) -> None:
        """Make E T (e_k K)^a (e_u U)^(1 - a) (1 - phi new) over output a worker in the first month."""
        effort = self._effort()
        made = {p: self._of(p) * effort for p in PLANTS}
        people = {
            p: self.stock("people", f"skilled_{p}") + self.stock("people", f"unskilled_{p}") for p in PLANTS
        }
        raw = (made["level"] + made["wide"]) / (people["level"] + people["wide"])
        scale = np.where(self.board["scale"] > 0.0, self.board["scale"], raw)
        for plant in PLANTS:
            self.ledger.propose(f"made_{plant}", made[plant] / scale)
            self.board[f"output_a_worker_{plant}"] = made[plant] / scale / people[plant]
        self.board["output"] = (made["level"] + made["wide"]) / scale
        self.board["output_a_worker"] = raw / scale
        self.board["scale"] = scale

    def _effort(self) -> Array:
        """Effort and time of all: (1 + i_s S - psi S^2)(norm)^i_n (1 + o)(H - M) / H."""
        shock = self.board["shock_workers"]
        alone = self.lever("one_man_management") if self.on("one_man_management") else 0.0
        time = (self.p.hours - self.board["meetings"]) / self.p.hours
        moved = 1.0 + self.p.shock_gain * shock - self.p.storming * shock**2
        return moved * self.board["norm"] ** self.p.norm_effort * (1.0 + self.p.order * alone) * time

    def _of(self, plant: str) -> Array:
        """Return what a kind of plants makes of skill and hands, with communes in the plants that level."""
        shared = self.board["communes"] if plant == "level" else self.zeros
        skilled = self.stock("people", f"skilled_{plant}") * (1.0 - self.p.equal_loss * shared)
        unskilled = self.stock("people", f"unskilled_{plant}") * (1.0 + self.p.equal_gain * shared)
        new = 1.0 - self.p.new_in_place * self.board[f"disturbed_{plant}"]
        return skilled**self.p.skill * unskilled ** (1.0 - self.p.skill) * new
