"""Animals of households and of collective herds: births, losses, slaughter, meat and milk (A-19 to A-21)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Context,
    Flow,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.agriculture.herds import HerdParameters
from planmodel.sectors.calendar import CALVING, OFFTAKE

SPECIES = ("cattle", "horses", "pigs", "sheep_and_goats")
KILLED_YOUNG = ("cattle", "sheep_and_goats")  # for veal and lamb, in the months of birth
OWNERS = ("household", "socialised")


class LivestockParameters(HerdParameters):
    """What is common to all animals."""

    restocking: Array = parameter(
        2.51, unit="1", bounds=(0.5, 3.0), symbol=r"\gamma_o",
        meaning="elasticity of offtake to the herd over the herd aimed at", source="assumption",
    )  # fmt: skip
    young_offtake: Array = parameter(
        0.557, unit="1", bounds=(0.0, 0.6), symbol=r"\chi_y",
        meaning="share of the year's offtake of cattle, sheep and goats that is killed young, in spring",
        source="calves not kept were killed for veal within weeks; size from the swing of January and July "
        "counts, 1.17 in 1928, 1.25 in 1934-36", evidence="assumption",
    )  # fmt: skip
    young_meat: Array = parameter(
        0.3, unit="1", bounds=(0.15, 0.6), symbol=r"m_y",
        meaning="meat of an animal killed young over that of one killed in autumn", source="assumption",
    )  # fmt: skip
    plot_herd: Array = parameter(
        0.806, unit="1", bounds=(0.3, 0.9), symbol=r"\kappa_p",
        meaning="animals a kolkhoz household may keep, relative to a peasant household of 1928",
        source="a cow, two calves, a sow, ten sheep: lines 2497-2503; ratio assumed",
    )  # fmt: skip
    collective_herd: Array = parameter(
        0.715, unit="1", bounds=(0.2, 0.9), symbol=r"\kappa_c",
        meaning="collective animals aimed at, relative to what the members' households had in 1928",
        source="assumption",
    )  # fmt: skip
    standing_risk: Array = parameter(
        0.35, unit="1", bounds=(0.0, 0.5), symbol=r"r_0",
        meaning="fear of expropriation without plot rights, as a share of that of an offensive",
        source="A-51; size assumed",
    )  # fmt: skip
    feed_fund: Array = parameter(
        0.886, unit="1", bounds=(0.2, 1.0), symbol=r"\phi_c",
        meaning="feed grain that kolkhozes set aside for collective animals, over the norm of 1928",
        source="assumption",
    )  # fmt: skip
    starvation: Array = parameter(
        0.131, unit="1/year", bounds=(0.1, 1.5), symbol=r"l_f",
        meaning="losses of animals that get no feed grain at all", source="assumption",
    )  # fmt: skip
    neglect: Array = parameter(
        0.21, unit="1/year", bounds=(0.05, 0.8), symbol=r"l_e",
        meaning="further losses of collective animals while there is no experience of common herds",
        source="A-19: collective herds die faster at first; size assumed",
    )  # fmt: skip
    experience_time: Array = parameter(
        20.0, unit="months", bounds=(12.0, 72.0), symbol=r"\tau_x",
        meaning="time in which a fully collectivised village learns to keep common herds",
        source="assumption",
    )  # fmt: skip
    hunger_slaughter: Array = parameter(
        0.011, unit="1/month", bounds=(0.0, 0.3), symbol=r"\kappa_h",
        meaning="animals of households killed or sold in a month for each point of food wanting",
        source="assumption",
    )  # fmt: skip
    cow_share: Array = parameter(
        0.49, unit="1", bounds=(0.42, 0.52), symbol=r"\kappa_m",
        meaning="cows in all cattle", source="29.3 of 60.1 million, 1 January 1928", evidence="recalled",
    )  # fmt: skip
    milk_yield: Array = parameter(
        1.05, unit="tonnes/head/year", bounds=(0.8, 1.3), symbol=r"y_m",
        meaning="milk of a cow at full feed", source="about 31 Mt in 1928 on 29 million cows",
        evidence="recalled",
    )  # fmt: skip
    town_share: Array = parameter(
        0.24, unit="1", bounds=(0.2, 0.5), symbol=r"\chi_m",
        meaning="share of meat and milk that goes to towns", source="assumption",
    )  # fmt: skip


HERDS = tuple((species, owner) for species in SPECIES for owner in OWNERS)
_OWNED = {"household": "of households", "socialised": "of kolkhozes and state farms"}
# Hunger kills animals that are eaten: not horses.
_KILLED_YOUNG = np.array([[float(species in KILLED_YOUNG)] for species in SPECIES])[..., np.newaxis]
_EATEN = np.array([[float(species != "horses")] for species in SPECIES])


def _accounts() -> Iterable[Account]:
    for species in SPECIES:
        for owner in OWNERS:
            yield Account(species, owner, f"{species.replace('_', ' ')} {_OWNED[owner]}")
        yield Account(species, "births", f"{species.replace('_', ' ')} born", kind="source")
        yield Account(species, "slaughter", f"{species.replace('_', ' ')} slaughtered", kind="sink")
        yield Account(species, "losses", f"{species.replace('_', ' ')} that died", kind="sink")


def _flows() -> Iterable[Flow]:
    for species, owner in HERDS:
        herd, about = f"{species}_{owner}", f"{species.replace('_', ' ')} {_OWNED[owner]}"
        yield Flow(f"born_{herd}", species, "births", owner, f"births, {about}")
        yield Flow(f"offtake_{herd}", species, owner, "slaughter", f"offtake, {about}", rank=1)
        yield Flow(f"lost_{herd}", species, owner, "losses", f"losses, {about}")
        if species in KILLED_YOUNG:
            yield Flow(f"killed_young_{herd}", species, owner, "slaughter", f"killed young, {about}", rank=1)


class Livestock(Component):
    """Herds by species and owner, and what they yield."""

    name = "livestock"
    parameters = LivestockParameters
    commodities = (
        *(Commodity(species, "million head", species.replace("_", " ")) for species in SPECIES),
        Commodity("meat", "million tonnes", "meat, slaughter weight"),
        Commodity("milk", "million tonnes", "milk"),
    )
    accounts = (
        *_accounts(),
        Account("meat", "herds", "meat of slaughtered animals", kind="source"),
        Account("milk", "herds", "milk", kind="source"),
        *(
            Account(food, f"{place}_food", f"{food} eaten in {where}", kind="sink")
            for food in ("meat", "milk")
            for place, where in (("village", "the village"), ("town", "towns"))
        ),
    )
    flows = (
        *_flows(),
        Flow("feed_socialised", "grain", "kolkhoz", "feed", "feed grain of collective animals", rank=1),
        *(
            Flow(f"{food}_{place}", food, "herds", f"{place}_food", f"{food} eaten, {place}")
            for food in ("meat", "milk")
            for place in ("village", "town")
        ),
    )
    variables = (
        Variable("household_feed_need", "million tonnes/month", "feed grain at the norm, households", 2.1),
        Variable("socialised_feed_need", "million tonnes/month", "feed grain that kolkhozes set aside", 0.04),
        Variable("socialised_feed_norm", "million tonnes/month", "feed grain at the norm, collectives", 0.04),
        Variable("feed_ratio_household", "1", "feed grain over the norm, animals of households", 1.0),
        Variable("feed_ratio_socialised", "1", "feed grain over the norm, collective animals", 1.0),
        Variable(
            "herd_experience", "1", "experience of common herds, 1 is that of a peasant", bounds=(0.0, 1.0)
        ),
    )
    switches = (Switch("livestock_slaughter", "peasants kill animals that they fear to lose"),)

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        # Rates by species, shape (species, 1, members): the same for both owners.
        self._rates = {
            rate: np.array([[getattr(self.p, f"{species}_{rate}")] for species in SPECIES])
            for rate in ("births", "losses", "offtake", "slaughter", "feed", "norm")
        }

    def processes(self) -> Iterable[Process]:
        """Births and offtake, then food from them, then feed; at last the state of the animals is noted."""
        yield every(self.clock, "production", self.breed)
        yield every(self.clock, "production", self.cull)
        yield every(self.clock, "distribution", self.yield_food)
        yield every(self.clock, "consumption", self.feed)
        yield every(self.clock, "labour", self.note_feed)

    def animals(self) -> Array:
        """Return all herds, million head, shape ``(species, owners, members)``."""
        herds = np.array([self.stock(species, owner) for species, owner in HERDS])
        return herds.reshape(len(SPECIES), len(OWNERS), -1)

    def fed(self) -> Array:
        """Return feed grain over the norm of last month, shape ``(owners, members)``."""
        return np.array([self.board[f"feed_ratio_{owner}"] for owner in OWNERS])

    def breed(self) -> None:
        """Births: b (season) feed^0.3; pigs farrow all year. The norm of feed grain: f animals."""
        animals, fed = self.animals(), self.fed() ** 0.3
        for species, herds, births in zip(SPECIES, animals, self._rates["births"], strict=True):
            season = 1.0 / 12.0 if species == "pigs" else CALVING.get(self.month, 0.0)
            if season:
                for owner, born in zip(OWNERS, herds * (births * season) * fed, strict=True):
                    self.ledger.propose(f"born_{species}_{owner}", born)
        household, norm = total(animals * self._rates["feed"] / 12.0)
        self.board["household_feed_need"] = household
        self.board["socialised_feed_norm"] = norm
        self.board["socialised_feed_need"] = norm * self.p.feed_fund * self.board["kolkhoz_ease"]

    def target(self) -> Array:
        """Return the herds that the owners aim at, million head, shape ``(species, owners, members)``."""
        individual = self.stock("people", "individual_peasants")
        others = self.stock("people", "kolkhoz_members") + self.stock("people", "state_farm_workers")
        rights = self.lever("plot_rights") if self.on("plot_subsistence") else 0.0
        plots = individual + others * self.p.plot_herd * (0.3 + 0.7 * rights)
        return self._rates["norm"] * np.array([plots, others * self.p.collective_herd]) + 0.01

    def cull(self) -> None:
        """Losses, ordinary offtake, and slaughter from fear and hunger.

        losses  = (l0 + lf (1 - feed)^3 + le (1 - X) [collective]) / 12
        offtake = o0 (herd / target)^gamma (1 - chi_y) season + kappa (pressure + r0 (1 - rights))
                  + kappa_h max(0.9 - N, 0)
        killed young = o0 (herd / target)^gamma chi_y births' season  [cattle, sheep and goats]
        """
        animals = self.animals()
        season, calving = OFFTAKE.get(self.month, 0.0), CALVING.get(self.month, 0.0)
        hunger = (1.0 - np.minimum(self.fed(), 1.0)) ** 3
        loss = self._rates["losses"] + self.p.starvation * hunger
        loss[:, 1] += self.p.neglect * (1.0 - self.board["herd_experience"])
        full = np.minimum(animals / self.target(), 3.0) ** self.p.restocking if season or calving else 0.0
        young = self._rates["offtake"] * full * calving * (self.p.young_offtake * _KILLED_YOUNG)
        offtake = self._rates["offtake"] * full * season * (1.0 - self.p.young_offtake * _KILLED_YOUNG)
        offtake = np.broadcast_to(offtake, animals.shape).copy()
        if self.on("livestock_slaughter"):
            risk = self.board["pressure"] + self.p.standing_risk * (1.0 - self.lever("plot_rights"))
            offtake[:, 0] += self._rates["slaughter"][:, 0] * risk
        wanting = np.maximum(0.9 - self.board["village_nutrition"], 0.0)
        offtake[:, 0] += self.p.hunger_slaughter * wanting * _EATEN
        lost, killed = animals * np.minimum(loss / 12.0, 0.5), animals * np.minimum(offtake, 0.5)
        young = animals * np.minimum(young, 0.3)
        for i, (species, owner) in enumerate(HERDS):
            place = divmod(i, len(OWNERS))
            self.ledger.propose(f"lost_{species}_{owner}", lost[place])
            if season or owner == "household":
                self.ledger.propose(f"offtake_{species}_{owner}", killed[place])
            if calving and species in KILLED_YOUNG:
                self.ledger.propose(f"killed_young_{species}_{owner}", young[place])

    def yield_food(self) -> None:
        """Meat of the month's offtake and milk of the cows, shared between village and towns."""
        moved = self.ledger.moved
        meat = self.zeros
        for species, owner in HERDS:
            killed = moved(f"offtake_{species}_{owner}")
            if species in KILLED_YOUNG:
                killed = killed + self.p.young_meat * moved(f"killed_young_{species}_{owner}")
            meat = meat + killed * getattr(self.p, f"{species}_meat")
        fed = 0.4 + 0.6 * np.minimum(self.fed(), 1.0)
        cows = self.stock("cattle", "household") * fed[0] + self.stock("cattle", "socialised") * fed[1]
        milk = cows * self.p.cow_share * self.p.milk_yield / 12.0
        for food, amount in (("meat", meat), ("milk", milk)):
            self.ledger.propose(f"{food}_town", amount * self.p.town_share)
            self.ledger.propose(f"{food}_village", amount * (1.0 - self.p.town_share))

    def feed(self) -> None:
        """Feed collective animals from the kolkhoz barn (those of households: see nutrition)."""
        self.ledger.propose("feed_socialised", self.board["socialised_feed_need"])

    def note_feed(self) -> None:
        """Note feed over the norm, and experience, dX = s (1 - X) / tau_x; both count from next month on."""
        gained = self.board["collectivised_share"] * (1.0 - self.board["herd_experience"])
        self.board["herd_experience"] = self.board["herd_experience"] + gained / self.p.experience_time
        moved = self.ledger.moved
        given = {
            "household": moved("feed_from_individual") + moved("feed_from_members"),
            "socialised": moved("feed_socialised"),
        }
        norms = {"household": "household_feed_need", "socialised": "socialised_feed_norm"}
        for owner in OWNERS:
            ratio = given[owner] / np.maximum(self.board[norms[owner]], 1e-9)
            self.board[f"feed_ratio_{owner}"] = np.minimum(ratio, 1.2)
