"""Joining and leaving: people, animals and grain that pass between individual farms and kolkhozes.

Entry answers to pressure, exit to permission; what was pooled holds people back (A-9, A-10). The pressure
itself is policy: see ``policy/centre.py``. Deportation of peasants goes with the offensives (A-42).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Flow, Lever, Parameters, Variable, every, parameter
from planmodel.engine.clock import Process
from planmodel.sectors.agriculture.livestock import SPECIES

PEASANTS = ("individual_peasants", "kolkhoz_members")


class CollectivisationParameters(Parameters):
    """How fast households join and leave, and what they bring."""

    entry: Array = parameter(
        0.78, unit="1/month", bounds=(0.3, 1.0), symbol=r"a",
        meaning="share of individual households that join in a month of full pressure",
        source="29 points in the month to 20 February 1930; lines 1179-1181", evidence="assumption",
    )  # fmt: skip
    exit: Array = parameter(
        0.97, unit="1/month", bounds=(0.4, 1.5), symbol=r"b",
        meaning="share of the members above the floor that leave in a month when they may",
        source="half-life of about 0.8 months after March 1930; lines 1286-1305", evidence="assumption",
    )  # fmt: skip
    consolidation: Array = parameter(
        0.17, unit="1/month", bounds=(0.02, 0.2), symbol=r"c",
        meaning="share of the members above the floor that in a month come to have no farm to return to",
        source="A-10; size from the floor of 21.7 % in October 1930", evidence="assumption",
    )  # fmt: skip
    kept_back: Array = parameter(
        0.58, unit="1", bounds=(0.0, 0.9), symbol=r"\kappa_r",
        meaning="share of pooled animals that the kolkhoz keeps when a household leaves",
        source="A-10; size assumed",
    )  # fmt: skip
    horses_pooled: Array = parameter(
        0.87, unit="1", bounds=(0.6, 1.0), symbol=r"\pi_h",
        meaning="share of the horses of joining households that is pooled", source="assumption",
    )  # fmt: skip
    other_pooled: Array = parameter(
        0.22, unit="1", bounds=(0.1, 0.7), symbol=r"\pi_o",
        meaning="share of the other animals of joining households that is pooled", source="assumption",
    )  # fmt: skip
    grain_pooled: Array = parameter(
        0.57, unit="1", bounds=(0.2, 0.9), symbol=r"\pi_g",
        meaning="share of the grain of joining households that is pooled, the seed above all",
        source="assumption",
    )  # fmt: skip
    deportation: Array = parameter(
        0.0075, unit="1/month", bounds=(0.0, 0.05), symbol=r"\delta_k",
        meaning="share of individual peasants marked for deportation in a month of full pressure",
        source="0.55 million in 1930, 1.24 million in 1931 (Zemskov)", evidence="assumption",
    )  # fmt: skip
    reprisal: Array = parameter(
        0.0001, unit="1/month", bounds=(0.0, 0.01), symbol=r"\delta_q",
        meaning="share of all peasants marked for deportation in a month in which no procurement comes in",
        source="D-2: the second wave follows shortfalls of procurement; size assumed",
    )  # fmt: skip
    transport: Array = parameter(
        0.19, unit="million persons/month", bounds=(0.05, 0.4), symbol=r"T",
        meaning="people that the railways can deport in a month", source="A-42; size assumed",
    )  # fmt: skip
    transit_deaths: Array = parameter(
        0.059, unit="1", bounds=(0.01, 0.15), symbol=r"\delta_t",
        meaning="share of the deported who die on the way and in transit camps",
        source="D-3: children and old people above all; size assumed",
    )  # fmt: skip


class Collectivisation(Component):
    """What passes between the two forms of peasant farming, in ten-day steps."""

    name = "collectivisation"
    parameters = CollectivisationParameters
    flows = (
        Flow("joining", "people", "individual_peasants", "kolkhoz_members", "people joining kolkhozes"),
        Flow("leaving", "people", "kolkhoz_members", "individual_peasants", "people leaving kolkhozes"),
        *(
            flow
            for group in PEASANTS
            for flow in (
                Flow(f"deported_{group}", "people", group, "special_settlers", f"deported: {group}", rank=1),
                Flow(
                    f"transit_deaths_{group}",
                    "people",
                    group,
                    "excess_deaths",
                    f"died in deportation: {group}",
                    rank=1,
                ),
            )
        ),
        *(
            flow
            for species in SPECIES
            for flow in (
                Flow(f"pooled_{species}", species, "household", "socialised", f"{species} pooled"),
                Flow(f"returned_{species}", species, "socialised", "household", f"{species} taken back"),
            )
        ),
        Flow("grain_pooled", "grain", "individual", "kolkhoz", "grain brought into kolkhozes"),
        Flow("grain_kept", "grain", "individual", "members", "grain kept by joining households"),
        Flow("grain_of_leavers", "grain", "members", "individual", "grain of households that leave"),
        Flow("seed_of_leavers", "grain", "kolkhoz", "individual", "seed given to households that leave"),
    )
    variables = (
        Variable("collectivised_share", "1", "share of peasant households in kolkhozes", 0.012),
        Variable("consolidated_share", "1", "share that cannot leave: draught and land stay", 0.01),
        *(Variable(f"marked_{g}", "million persons", f"marked for deportation: {g}") for g in PEASANTS),
        Variable("deportation_runs", "1", "1 while trains of the deported run"),
    )
    levers = (Lever("dekulakisation", 0.0, (0.0, 5.0), "peasants are deported as kulaks"),)

    def processes(self) -> Iterable[Process]:
        """Join and leave every ten days; deport as trains allow."""
        yield every(self.clock, "campaign", self.join_and_leave)
        yield every(self.clock, "labour", self.deport)
        yield every(self.clock, "production", self.note_share)
        yield every(self.clock, "money", self.note_share)

    def join_and_leave(self) -> None:
        """Ds = a P (1 - s) - b leave (s - floor), each dekad; the floor rises by c (s - floor)."""
        share = self._share()
        floor = np.minimum(self.board["consolidated_share"], share)
        dekad = 1.0 / 3.0
        if np.count_nonzero(self.board["pressure"]):
            self._join(np.minimum(self.p.entry * self.board["pressure"] * dekad, 0.6), share)
        if np.count_nonzero(self.board["may_leave"]):
            left = np.minimum(self.p.exit * self.board["may_leave"] * dekad, 0.9) * (share - floor)
            self._leave(left / np.maximum(share, 1e-9))
        self.board["consolidated_share"] = floor + self.p.consolidation * dekad * (share - floor)
        self.board["collectivised_share"] = share

    def _join(self, joined: Array, share: Array) -> None:
        """Move the joining part of the individual peasants, with what of theirs is pooled."""
        propose = self.ledger.propose
        propose("joining", self.stock("people", "individual_peasants") * joined)
        horses = joined * self.p.horses_pooled * _of_individuals(share, 0.05)
        others = joined * self.p.other_pooled * _of_individuals(share, 0.6)
        for species in SPECIES:
            rate = horses if species == "horses" else others
            propose(f"pooled_{species}", self.stock(species, "household") * rate)
        brought = self.stock("grain", "individual") * joined
        propose("grain_pooled", brought * self.p.grain_pooled)
        propose("grain_kept", brought * (1.0 - self.p.grain_pooled))

    def _leave(self, left: Array) -> None:
        """Move the leaving part of the kolkhoz members, with what they take back."""
        propose = self.ledger.propose
        propose("leaving", self.stock("people", "kolkhoz_members") * left)
        back = left * (1.0 - self.p.kept_back)
        for species in SPECIES:
            propose(f"returned_{species}", self.stock(species, "socialised") * back)
        propose("grain_of_leavers", self.stock("grain", "members") * left)
        seed = np.minimum(self.board["seed_need_kolkhoz"], self.stock("grain", "kolkhoz"))
        propose("seed_of_leavers", seed * left)

    def _share(self) -> Array:
        members = self.stock("people", "kolkhoz_members")
        return members / np.maximum(members + self.stock("people", "individual_peasants"), 1e-9)

    def note_share(self) -> None:
        """Note the share after deaths and migration have changed it."""
        self.board["collectivised_share"] = self._share()

    def deport(self) -> None:
        """Deport marked people as far as trains allow; some die on the way.

        In an offensive individual peasants are marked, dM = delta_k L P I; where procurement falls short,
        peasants and kolkhoz members alike, dM = delta_q L max(1 - fulfilment, 0) X.
        """
        drive = self.lever("dekulakisation")
        pressed = self.p.deportation * drive * self.board["pressure"]
        short = np.maximum(1.0 - self.board["plan_fulfilment"], 0.0) * self.board["collectivised_share"]
        blamed = self.p.reprisal * drive * short
        marked: dict[str, Array] = {}
        for group in PEASANTS:
            people = self.stock("people", group)
            rate = blamed + (pressed if group == "individual_peasants" else 0.0)
            marked[group] = np.minimum(self.board[f"marked_{group}"] + rate * people, 0.2 * people)
        waiting = marked["individual_peasants"] + marked["kolkhoz_members"]
        share = np.minimum(self.p.transport / np.maximum(waiting, 1e-9), 1.0)
        any_waits = np.count_nonzero(waiting)
        for group, number in marked.items():
            moved = number * share
            self.board[f"marked_{group}"] = number - moved
            if any_waits:
                self.ledger.propose(f"deported_{group}", moved * (1.0 - self.p.transit_deaths))
                self.ledger.propose(f"transit_deaths_{group}", moved * self.p.transit_deaths)
        self._announce(waiting)

    def _announce(self, waiting: Array) -> None:
        """Log when trains of the deported begin to run and when they stop."""
        runs = waiting > 0.002
        ran = self.board["deportation_runs"] > 0.5
        today, events = self.clock.today, self.context.events
        events.add(today, "transport", "trains of deported peasants begin to run", runs & ~ran)
        events.add(today, "transport", "trains of deported peasants end", ran & ~runs)
        self.board["deportation_runs"] = runs.astype(float)


def _of_individuals(share: Array, keep: float) -> Array:
    """Return the share of household animals that individual peasants own.

    Parameters
    ----------
    share
        Collectivised share of the households, shape ``(members,)``.
    keep
        Animals that members keep relative to individual peasants: few horses, a plot herd of the rest.
    """
    own = 1.0 - share
    return own / (own + keep * share)
