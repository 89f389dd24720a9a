"""Configurations that speak of an economy: which one is said when they are read, and they keep it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, PrivateAttr, ValidationInfo, model_validator

from planmodel.scenario import registry
from planmodel.scenario.economy import Economy


def context(economy: Economy) -> dict[str, Any]:
    """Return what a schema is given to check names of an economy."""
    return {"economy": economy.name}


def economy_in(info: ValidationInfo) -> Economy:
    """Return the economy whose names are checked; that of the whole model where none is said."""
    return registry.economy((info.context or {}).get("economy", registry.DEFAULT))


class OfEconomy(BaseModel):
    """Part of a configuration that names quantities, parameters or mechanisms of an economy."""

    _economy: str = PrivateAttr(default=registry.DEFAULT)

    @model_validator(mode="after")
    def _note_economy(self, info: ValidationInfo) -> Self:
        self._economy = economy_in(info).name
        return self

    @property
    def economy(self) -> Economy:
        """The economy that it speaks of."""
        return registry.economy(self._economy)
