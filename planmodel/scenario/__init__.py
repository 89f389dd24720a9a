"""Scenarios: what a configuration may say, how it is read, and what is said when it is wrong."""

from planmodel.scenario.difference import difference
from planmodel.scenario.load import load_scenario
from planmodel.scenario.schema import Scenario

__all__ = ["Scenario", "difference", "load_scenario"]
