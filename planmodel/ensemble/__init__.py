"""Ensembles: members from a design, run in chunks by workers, kept in a folder that survives a crash.

In memory, :func:`evaluate` runs one member for each set of values and returns what was observed.
"""

from planmodel.ensemble.in_memory import Observation, evaluate

__all__ = ["Observation", "evaluate"]
