"""The documented record of 1926-1941: figures with their versions, sources and doubts.

>>> from planmodel import documented
>>> documented.values_by_year("steel", "official")[1932]
5.927

Three kinds of evidence are kept apart. A ``transcribed`` figure was read from the text or file named beside
it. A ``recalled`` figure was written down from memory of the cited literature and its page is still to be
checked: good enough to fit a model to with a stated error, not good enough to publish without that mark. A
``reading`` stands for words: the text named says "millions" or "the greater part", and the number is ours.
Figures that a user adds (:meth:`Record.add`) are ``own``: nobody here has checked them.
"""

from planmodel.documented.catalogue import (
    Record,
    RecordError,
    UnknownSeriesError,
    catalogue,
    series,
    values_by_year,
    variables,
    versions,
    whole_country,
)
from planmodel.documented.files import sha256
from planmodel.documented.identities import Identity, check
from planmodel.documented.plot import plot

__all__ = [
    "Identity",
    "Record",
    "RecordError",
    "UnknownSeriesError",
    "catalogue",
    "check",
    "plot",
    "series",
    "sha256",
    "values_by_year",
    "variables",
    "versions",
    "whole_country",
]
