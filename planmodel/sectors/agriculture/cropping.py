"""Grain: sowing and harvest on individual, kolkhoz and state-farm land (docs/model.md)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Lever,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import HARVEST, SOWING

FORMS = ("individual", "kolkhoz", "state_farm")
_BARN = {"individual": "individual", "kolkhoz": "kolkhoz", "state_farm": "state_farms"}


class CroppingParameters(Parameters):
    """Land, seed and yield."""

    grain_area: Array = parameter(
        90.0, unit="million hectares", bounds=(85.0, 98.0), symbol=r"A_0",
        meaning="grain area that the peasants sow when they keep what they kept in 1927",
        source="sown area of grain in 1928, 92.2 (Sots. stroitelstvo SSSR)", evidence="assumption",
    )  # fmt: skip
    plan_area_push: Array = parameter(
        0.061, unit="1", bounds=(0.0, 0.3), symbol=r"\pi_A",
        meaning="area sown by kolkhozes on plan orders above the peasants' own",
        source="sown area 1930-31 against 1928 (Sots. stroitelstvo SSSR)", evidence="assumption",
    )  # fmt: skip
    area_response: Array = parameter(
        0.2, unit="1", bounds=(0.0, 1.5), symbol=r"\eta_A",
        meaning="fall of individual sowings for each point of harvest taken above the share taken in 1927",
        source="A-7; size assumed",
    )  # fmt: skip
    area_elasticity: Array = parameter(
        0.1, unit="1", bounds=(0.0, 0.5), symbol=r"\varepsilon_A",
        meaning="elasticity of individual sowings to the terms of trade, where sale is free",
        source="supply response of peasants' acreage, 0.1 to 0.4 in other countries (recalled); size assumed",
    )  # fmt: skip
    area_limit: Array = parameter(
        1.13, unit="1", bounds=(1.0, 1.25), symbol=r"a_x",
        meaning="grain area that peasants can sow, over that of 1927",
        source="102 and 104 million hectares of grain sown in 1930 and 1931", evidence="assumption",
    )  # fmt: skip
    area_memory: Array = parameter(
        24.0, unit="months", bounds=(6.0, 60.0), symbol=r"\tau_A",
        meaning="time over which peasants judge the terms of trade when they sow", source="assumption",
    )  # fmt: skip
    seed_rate: Array = parameter(
        0.123, unit="tonnes/hectare", bounds=(0.10, 0.15), symbol=r"\sigma",
        meaning="seed grain per hectare", source="about 12 Mt on 92-100 Mha (sketch of the balance)",
        evidence="assumption",
    )  # fmt: skip
    base_yield: Array = parameter(
        0.943, unit="tonnes/hectare", bounds=(0.75, 1.05), symbol=r"y_0",
        meaning="standing yield at the draught power, labour and weather of 1928",
        source="73.3 Mt in the barn on 92.2 Mha in 1928, plus harvest losses", evidence="assumption",
    )  # fmt: skip
    draught_elasticity: Array = parameter(
        0.12, unit="1", bounds=(0.1, 0.5), symbol=r"\alpha",
        meaning="elasticity of yield to draught power per hectare", source="A-20; size assumed",
    )  # fmt: skip
    labour_elasticity: Array = parameter(
        0.0097, unit="1", bounds=(0.0, 0.4), symbol=r"\beta",
        meaning="elasticity of yield to people per hectare", source="B-7; size assumed",
    )  # fmt: skip
    nutrition_elasticity: Array = parameter(
        0.41, unit="1", bounds=(0.0, 0.5), symbol=r"\nu",
        meaning="elasticity of yield to food per head in the months of field work",
        source="A-24, B-6; size assumed",
    )  # fmt: skip
    harvest_loss: Array = parameter(
        0.12, unit="1", bounds=(0.05, 0.2), symbol=r"\lambda_0",
        meaning="share of the standing crop lost before the barn at full effort",
        source="biological yields ran 10-25 % over the barn (Wheatcroft and Davies 1994)",
        evidence="assumption",
    )  # fmt: skip
    loss_from_slack: Array = parameter(
        0.17, unit="1", bounds=(0.0, 0.6), symbol=r"\lambda_1",
        meaning="further share of the standing crop lost for each point of effort withheld",
        source="A-23; size assumed",
    )  # fmt: skip
    state_farm_yield: Array = parameter(
        0.82, unit="1", bounds=(0.5, 1.0), symbol=r"y_s",
        meaning="yield on state farms relative to the base", source="assumption",
    )  # fmt: skip
    state_farm_growth: Array = parameter(
        0.27, unit="1/year", bounds=(0.2, 0.8), symbol=r"g_s",
        meaning="speed at which the area of state farms nears its target", source="assumption",
    )  # fmt: skip
    weather_spread: Array = parameter(
        0.10, unit="1", bounds=(0.0, 0.2), symbol=r"\sigma_w",
        meaning="standard deviation of the drawn part of the year's weather", source="assumption",
    )  # fmt: skip


class Cropping(Component):
    """Sowing and harvest of grain."""

    name = "cropping"
    parameters = CroppingParameters
    commodities = (Commodity("grain", "million tonnes", "grain"),)
    accounts = (
        Account("grain", "individual", "grain in the barns of individual peasants"),
        Account("grain", "kolkhoz", "grain in the barns of kolkhozes"),
        Account("grain", "members", "grain of kolkhoz households"),
        Account("grain", "state_farms", "grain on state farms"),
        Account("grain", "fields", "grain harvested", kind="source"),
        Account("grain", "seed", "grain sown", kind="sink"),
    )
    flows = (
        *(
            Flow(f"grain_harvest_{form}", "grain", "fields", _BARN[form], f"barn harvest of grain, {form}")
            for form in FORMS
        ),
        *(
            Flow(f"seed_{form}", "grain", _BARN[form], "seed", f"grain sown, {form}", rank=0)
            for form in FORMS
        ),
    )
    variables = (
        Variable("sown_area", "million hectares", "grain area of peasants and kolkhozes sown so far", 32.0),
        Variable(
            "growing_area", "million hectares", "grain area of peasants and kolkhozes last harvested", 91.0
        ),
        Variable("state_farm_area", "million hectares", "grain area of state farms", 1.1),
        Variable("harvest_this_year", "million tonnes", "barn harvest of grain since July", 72.3),
        Variable("kolkhoz_harvest_this_year", "million tonnes", "barn harvest of kolkhozes since July", 1.0),
        Variable(
            "seed_need_individual", "million tonnes", "seed for a year's crop, individual peasants", 11.5
        ),
        Variable("seed_need_kolkhoz", "million tonnes", "seed for a year's crop, kolkhozes", 0.2),
        Variable("seed_need_state_farm", "million tonnes", "seed for a year's crop, state farms", 0.14),
        Variable("terms_expected", "index 1928=1", "terms of trade that peasants reckon with in sowing", 1.0),
        Variable("standing_crop", "million tonnes", "grain on the field at harvest, before losses"),
        Variable("weather", "1", "deviation of the year's yield owing to weather"),
    )
    levers = (
        Lever("sowing_plan", 0.0, (0.0, 1.0), "the state sets the sown area of kolkhozes"),
        Lever("state_farm_target", 1.1, (0.0, 15.0), "grain area aimed at for state farms, Mha"),
    )
    inputs = (Input("weather", "1", "documented deviation of the year's yield owing to weather"),)

    def processes(self) -> Iterable[Process]:
        """Sow twice a year, harvest from July to September."""
        yield every(self.clock, "sowing", self.sow)
        yield every(self.clock, "production", self.set_seed_aside)
        yield every(self.clock, "harvest", self.harvest)
        yield every(self.clock, "record", self.count_year)

    def planned_area(self) -> tuple[Array, Array]:
        """Return the area that individual peasants and kolkhozes mean to sow, million hectares.

        Individual: A0 (1 - s) (1 - eta max(0, taken share - share of 1927)), mechanism A-7, where quotas
        take it; where sale is free, A0 (1 - s) terms^epsilon up to the limit.
        Kolkhoz: A0 s (1 + pi_A plan).
        """
        share = self.board["collectivised_share"]
        free = self.board["free_sale"]
        drawn = np.minimum(self.board["terms_expected"] ** self.p.area_elasticity, self.p.area_limit)
        burden = np.maximum(self.board["taken_share_last_year"] - 0.15, 0.0) * (1.0 - free)
        own = self.p.grain_area * (1.0 - share) * np.maximum(1.0 - self.p.area_response * burden, 0.3)
        own = own * (1.0 + free * (drawn - 1.0))
        planned = self.p.grain_area * share * (1.0 + self.p.plan_area_push * self.lever("sowing_plan"))
        return own, planned

    def set_seed_aside(self) -> None:
        """Reckon the seed that the coming crop needs, and the terms of trade to reckon with."""
        terms = np.minimum(np.maximum(self.board["terms_of_trade"], 0.05), 20.0)
        before = self.board["terms_expected"]
        self.board["terms_expected"] = before + (terms - before) / self.p.area_memory
        for form, area in zip(FORMS, (*self.planned_area(), self.board["state_farm_area"]), strict=True):
            self.board[f"seed_need_{form}"] = area * self.p.seed_rate

    def sow(self) -> None:
        """Sow a part of the coming crop: as much of the planned area as there is seed for."""
        part = SOWING[self.month]
        own, planned = self.planned_area()
        farms = self.board["state_farm_area"]
        sown = self.zeros
        for form, area in (("individual", own), ("kolkhoz", planned), ("state_farm", farms)):
            seed = np.minimum(area * part * self.p.seed_rate, self.stock("grain", _BARN[form]))
            self.ledger.propose(f"seed_{form}", seed)
            if form != "state_farm":
                sown = sown + seed / self.p.seed_rate
        if self.month == 8:  # the old crop was taken over for harvesting in July
            self.board["sown_area"] = sown
        else:
            self.board["sown_area"] = self.board["sown_area"] + sown
        if self.month == 4:
            gap = self.lever("state_farm_target") - farms
            self.board["state_farm_area"] = np.maximum(farms + self.p.state_farm_growth * gap, 0.0)

    def yields(self, weather: Array) -> dict[str, tuple[Array, Array]]:
        """Return standing yield (t/ha) and the share lost before the barn, by form.

        y = y0 (1 + w) (D/D0)^alpha (L/L0)^beta effort N^nu, loss = l0 + l1 (1 - effort); state farms
        have machines and hands enough: y = y0 y_s (1 + w) N^nu, with the losses of kolkhozes.
        """
        common = self.p.base_yield * np.maximum(1.0 + weather, 0.2)
        common = common * self.board["field_nutrition"] ** self.p.nutrition_elasticity
        hands = self.board["field_labour"] ** self.p.labour_elasticity
        result = {}
        for form, effort in (("individual", 1.0), ("kolkhoz", self.board["effort"])):
            draught = self.board[f"draught_{form}"] ** self.p.draught_elasticity
            loss = self.p.harvest_loss + self.p.loss_from_slack * (1.0 - effort)
            result[form] = (common * draught * hands * effort, loss)
        loss = self.p.harvest_loss + self.p.loss_from_slack * (1.0 - self.board["effort"])
        result["state_farm"] = (common * self.p.state_farm_yield, loss)
        return result

    def harvest(self) -> None:
        """Bring in the month's part of the crop."""
        part = HARVEST[self.month]
        drawn = self.context.draws.normal("weather", self.clock.today.year)
        weather = self.exogenous("weather") + self.p.weather_spread * drawn
        growing = self.board["sown_area"] if self.month == 7 else self.board["growing_area"]
        share = self.board["collectivised_share"]
        areas = {
            "individual": growing * (1.0 - share),
            "kolkhoz": growing * share,
            "state_farm": self.board["state_farm_area"],
        }
        standing = self.zeros
        for form, (standing_yield, loss) in self.yields(weather).items():
            crop = areas[form] * standing_yield * part
            standing = standing + crop
            self.ledger.propose(f"grain_harvest_{form}", crop * (1.0 - loss))
        if self.month == 7:
            self.board["growing_area"] = growing
            self.board["weather"] = weather
            self.board["standing_crop"] = standing
        else:
            self.board["standing_crop"] = self.board["standing_crop"] + standing

    def count_year(self) -> None:
        """Keep the running totals of the agricultural year."""
        moved = [self.ledger.moved(f"grain_harvest_{form}") for form in FORMS]
        opens = self.month == 7
        before = 0.0 if opens else self.board["harvest_this_year"]
        self.board["harvest_this_year"] = before + moved[0] + moved[1] + moved[2]
        before = 0.0 if opens else self.board["kolkhoz_harvest_this_year"]
        self.board["kolkhoz_harvest_this_year"] = before + moved[1]
