"""Rates of the herds, by species."""

from __future__ import annotations

from planmodel.engine import Array, Parameters, parameter


class HerdParameters(Parameters):
    """Births, losses, offtake, feed and meat of cattle, horses, pigs, sheep and goats."""

    cattle_births: Array = parameter(
        0.365, unit="1/year", bounds=(0.25, 0.45), symbol=r"b^{c}",
        meaning="cattle: births a year per animal of the herd",
        source="rise from January to July counts, 1928 and 1934-36", evidence="assumption",
    )  # fmt: skip
    cattle_losses: Array = parameter(
        0.049, unit="1/year", bounds=(0.02, 0.1), symbol=r"l_0^{c}",
        meaning="cattle: ordinary losses a year",
        source="assumption", evidence="assumption",
    )  # fmt: skip
    cattle_offtake: Array = parameter(
        0.335, unit="1/year", bounds=(0.15, 0.4), symbol=r"o_0^{c}",
        meaning="cattle: ordinary slaughter and sale a year, at the herd aimed at",
        source="keeps the herds of 1928 steady", evidence="assumption",
    )  # fmt: skip
    cattle_slaughter: Array = parameter(
        0.114, unit="1/month", bounds=(0.0, 0.3), symbol=r"\kappa_s^{c}",
        meaning="cattle: share of household animals killed in a month of full pressure",
        source="A-19: fall of July counts 1929-30; size assumed", evidence="assumption",
    )  # fmt: skip
    cattle_feed: Array = parameter(
        0.08, unit="tonnes/head/year", bounds=(0.04, 0.15), symbol=r"f^{c}",
        meaning="cattle: feed grain at the norm",
        source="norms of the sketch of the grain balance; sheep assumed", evidence="recalled",
    )  # fmt: skip
    cattle_norm: Array = parameter(
        0.5, unit="head/person", bounds=(0.45, 0.55), symbol=r"n^{c}",
        meaning="cattle: animals per village person aimed at in 1928",
        source="counts of 1 January 1928 over 121.5 million village people", evidence="recalled",
    )  # fmt: skip
    cattle_meat: Array = parameter(
        0.0921, unit="tonnes/head", bounds=(0.07, 0.13), symbol=r"m^{c}",
        meaning="cattle: meat of a slaughtered animal",
        source="about 4 to 5 Mt of meat in 1928; split by animal assumed", evidence="assumption",
    )  # fmt: skip
    horses_births: Array = parameter(
        0.145, unit="1/year", bounds=(0.06, 0.16), symbol=r"b^{h}",
        meaning="horses: births a year per animal of the herd",
        source="rise from January to July counts, 1928 and 1934-36", evidence="assumption",
    )  # fmt: skip
    horses_losses: Array = parameter(
        0.044, unit="1/year", bounds=(0.02, 0.1), symbol=r"l_0^{h}",
        meaning="horses: ordinary losses a year",
        source="assumption", evidence="assumption",
    )  # fmt: skip
    horses_offtake: Array = parameter(
        0.075, unit="1/year", bounds=(0.02, 0.12), symbol=r"o_0^{h}",
        meaning="horses: ordinary slaughter and sale a year, at the herd aimed at",
        source="keeps the herds of 1928 steady", evidence="assumption",
    )  # fmt: skip
    horses_slaughter: Array = parameter(
        0.086, unit="1/month", bounds=(0.0, 0.15), symbol=r"\kappa_s^{h}",
        meaning="horses: share of household animals killed in a month of full pressure",
        source="A-19: fall of July counts 1929-30; size assumed", evidence="assumption",
    )  # fmt: skip
    horses_feed: Array = parameter(
        0.45, unit="tonnes/head/year", bounds=(0.25, 0.6), symbol=r"f^{h}",
        meaning="horses: feed grain at the norm",
        source="norms of the sketch of the grain balance; sheep assumed", evidence="recalled",
    )  # fmt: skip
    horses_norm: Array = parameter(
        0.27, unit="head/person", bounds=(0.24, 0.3), symbol=r"n^{h}",
        meaning="horses: animals per village person aimed at in 1928",
        source="counts of 1 January 1928 over 121.5 million village people", evidence="recalled",
    )  # fmt: skip
    horses_meat: Array = parameter(
        0.0, unit="tonnes/head", bounds=(0.0, 0.02), symbol=r"m^{h}",
        meaning="horses: meat of a slaughtered animal",
        source="about 4 to 5 Mt of meat in 1928; split by animal assumed", evidence="assumption",
    )  # fmt: skip
    pigs_births: Array = parameter(
        1.2, unit="1/year", bounds=(0.7, 1.6), symbol=r"b^{p}",
        meaning="pigs: births a year per animal of the herd",
        source="rise from January to July counts, 1928 and 1934-36", evidence="assumption",
    )  # fmt: skip
    pigs_losses: Array = parameter(
        0.15, unit="1/year", bounds=(0.05, 0.3), symbol=r"l_0^{p}",
        meaning="pigs: ordinary losses a year",
        source="assumption", evidence="assumption",
    )  # fmt: skip
    pigs_offtake: Array = parameter(
        1.0, unit="1/year", bounds=(0.6, 1.4), symbol=r"o_0^{p}",
        meaning="pigs: ordinary slaughter and sale a year, at the herd aimed at",
        source="keeps the herds of 1928 steady", evidence="assumption",
    )  # fmt: skip
    pigs_slaughter: Array = parameter(
        0.28, unit="1/month", bounds=(0.0, 0.5), symbol=r"\kappa_s^{p}",
        meaning="pigs: share of household animals killed in a month of full pressure",
        source="A-19: fall of July counts 1929-30; size assumed", evidence="assumption",
    )  # fmt: skip
    pigs_feed: Array = parameter(
        0.25, unit="tonnes/head/year", bounds=(0.15, 0.4), symbol=r"f^{p}",
        meaning="pigs: feed grain at the norm",
        source="norms of the sketch of the grain balance; sheep assumed", evidence="recalled",
    )  # fmt: skip
    pigs_norm: Array = parameter(
        0.185, unit="head/person", bounds=(0.16, 0.22), symbol=r"n^{p}",
        meaning="pigs: animals per village person aimed at in 1928",
        source="counts of 1 January 1928 over 121.5 million village people", evidence="recalled",
    )  # fmt: skip
    pigs_meat: Array = parameter(
        0.07, unit="tonnes/head", bounds=(0.05, 0.09), symbol=r"m^{p}",
        meaning="pigs: meat of a slaughtered animal",
        source="about 4 to 5 Mt of meat in 1928; split by animal assumed", evidence="assumption",
    )  # fmt: skip
    sheep_and_goats_births: Array = parameter(
        0.352, unit="1/year", bounds=(0.3, 0.6), symbol=r"b^{s}",
        meaning="sheep and goats: births a year per animal of the herd",
        source="rise from January to July counts, 1928 and 1934-36", evidence="assumption",
    )  # fmt: skip
    sheep_and_goats_losses: Array = parameter(
        0.089, unit="1/year", bounds=(0.04, 0.15), symbol=r"l_0^{s}",
        meaning="sheep and goats: ordinary losses a year",
        source="assumption", evidence="assumption",
    )  # fmt: skip
    sheep_and_goats_offtake: Array = parameter(
        0.25, unit="1/year", bounds=(0.2, 0.5), symbol=r"o_0^{s}",
        meaning="sheep and goats: ordinary slaughter and sale a year, at the herd aimed at",
        source="keeps the herds of 1928 steady", evidence="assumption",
    )  # fmt: skip
    sheep_and_goats_slaughter: Array = parameter(
        0.15, unit="1/month", bounds=(0.0, 0.4), symbol=r"\kappa_s^{s}",
        meaning="sheep and goats: share of household animals killed in a month of full pressure",
        source="A-19: fall of July counts 1929-30; size assumed", evidence="assumption",
    )  # fmt: skip
    sheep_and_goats_feed: Array = parameter(
        0.01, unit="tonnes/head/year", bounds=(0.0, 0.03), symbol=r"f^{s}",
        meaning="sheep and goats: feed grain at the norm",
        source="norms of the sketch of the grain balance; sheep assumed", evidence="recalled",
    )  # fmt: skip
    sheep_and_goats_norm: Array = parameter(
        0.9, unit="head/person", bounds=(0.8, 1.0), symbol=r"n^{s}",
        meaning="sheep and goats: animals per village person aimed at in 1928",
        source="counts of 1 January 1928 over 121.5 million village people", evidence="recalled",
    )  # fmt: skip
    sheep_and_goats_meat: Array = parameter(
        0.014, unit="tonnes/head", bounds=(0.01, 0.02), symbol=r"m^{s}",
        meaning="sheep and goats: meat of a slaughtered animal",
        source="about 4 to 5 Mt of meat in 1928; split by animal assumed", evidence="assumption",
    )  # fmt: skip
