"""The baseline with one village for the seven regions, for laws to which regions add nothing."""

from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
ECONOMY = BASELINE.declared
