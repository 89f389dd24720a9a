"""Declared parameters."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.engine import Array, DeclarationError, Parameters, parameter


class Draught(Parameters):
    horse: Array = parameter(
        0.35, unit="hp", bounds=(0.2, 0.5), symbol="h", meaning="power of a horse", source="made up"
    )
    ox: Array = parameter(
        0.25, unit="hp", bounds=(0.1, 0.4), symbol="o", meaning="power of an ox", source="made up"
    )


class Tractors(Draught):
    tractor: Array = parameter(
        15.0, unit="hp", bounds=(10, 30), symbol="t", meaning="power", source="made up", evidence="recalled"
    )
    ox: Array = parameter(
        0.3, unit="hp", bounds=(0.1, 0.4), symbol="o", meaning="a better ox", source="made up"
    )


class Rumours(Parameters):
    """Declares nothing."""


@pytest.mark.parametrize("default", [0.19, 0.51, float("nan"), float("inf")])
def test_a_default_outside_its_bounds_is_refused(default: float) -> None:
    with pytest.raises(DeclarationError, match="power of a horse"):
        parameter(
            default, unit="hp", bounds=(0.2, 0.5), symbol="h", meaning="power of a horse", source="made up"
        )


@pytest.mark.parametrize("default", [0.2, 0.5])
def test_a_default_on_its_bounds_is_allowed(default: float) -> None:
    declared = parameter(
        default, unit="hp", bounds=(0.2, 0.5), symbol="h", meaning="power of a horse", source="made up"
    )
    assert declared.default == default
    assert declared.evidence == "assumption"


def test_defaults_are_broadcast_to_the_members() -> None:
    resolved = Draught.resolve({}, 4)
    assert resolved.horse.tolist() == [0.35] * 4
    assert resolved.ox.tolist() == [0.25] * 4


def test_given_values_replace_defaults() -> None:
    resolved = Draught.resolve({"horse": 0.4, "ox": np.array([0.1, 0.2, 0.3])}, 3)
    assert resolved.horse.tolist() == [0.4] * 3
    assert resolved.ox.tolist() == [0.1, 0.2, 0.3]
    assert Draught.resolve({}, 3).horse.tolist() == [0.35] * 3


def test_unknown_names_are_refused_and_named() -> None:
    with pytest.raises(DeclarationError, match="Draught declares no camel, mule"):
        Draught.resolve({"mule": 1.0, "ox": 0.2, "camel": 1.0}, 2)
    with pytest.raises(DeclarationError, match="tractor"):
        Draught.resolve({"tractor": 15.0}, 2)


def test_a_value_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        Draught.resolve({"ox": np.array([0.1, 0.2, 0.3])}, 2)


def test_a_subclass_keeps_the_declarations_of_its_parent() -> None:
    assert list(Tractors.declared) == ["horse", "ox", "tractor"]
    assert Tractors.declared["horse"] is Draught.declared["horse"]
    assert Tractors.declared["tractor"].evidence == "recalled"
    resolved = Tractors.resolve({"horse": 0.3}, 2)
    assert (resolved.horse.tolist(), resolved.tractor.tolist()) == ([0.3] * 2, [15.0] * 2)


def test_a_subclass_can_declare_anew_without_changing_its_parent_or_others() -> None:
    assert Tractors.resolve({}, 1).ox.tolist() == [0.3]
    assert list(Draught.declared) == ["horse", "ox"]
    assert Draught.resolve({}, 1).ox.tolist() == [0.25]
    assert Rumours.declared == Parameters.declared == {}


def test_arrays_are_contiguous_floats_of_one_value_a_member() -> None:
    """Strided arrays take other vector paths in NumPy, so that a chunk might differ in the last bit."""
    wide = np.arange(12.0).reshape(6, 2)
    resolved = Draught.resolve({"horse": wide[:, 1]}, 6)
    for values, expected in ((resolved.horse, [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]), (resolved.ox, [0.25] * 6)):
        assert values.flags["C_CONTIGUOUS"]
        assert values.strides == (8,)
        assert values.dtype == np.float64
        assert values.tolist() == expected
