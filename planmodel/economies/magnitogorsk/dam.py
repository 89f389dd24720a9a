"""The dam: finished before its day, of no use, and built again (E-018, line 12)."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

dam = Block("dam")


@dam.auxiliary
def first_dam_open(dam, first_dam_finished):
    """Whether the first dam is being built."""
    return dam * (1.0 - first_dam_finished)


@dam.auxiliary
def hands(workers, builders):
    """Workers who build the dam."""
    return workers * builders


@dam.auxiliary
def work_left(size, dams_first):
    """Work that the first dam still takes."""
    return np.maximum(size - dams_first, 0.0)


@dam.auxiliary(source="E-018, line 12")
def haste_now(
    first_dam_open, competition, haste_anyway, work_left, months_allowed, dam_age, hands
):  # fmt: skip
    """Competition hastens the work, all the more where the day could not be met without it."""
    months = np.maximum(months_allowed - dam_age, 1.0)
    pressed = np.minimum(work_left / months / np.maximum(hands, 1e-9), 1.0)
    return first_dam_open * competition * (haste_anyway + (1.0 - haste_anyway) * pressed)


@dam.auxiliary(without="haste")
def haste_now():
    """Nobody hastens."""
    return 0.0


@dam.equation("work", source="E-018, line 12")
def build(
    hands, gain, haste_now, work_left, first_dam_open, loss, frost, dam_fitness, dams_first, dam_age
):  # fmt: skip
    """Haste adds to the work of a month and takes from its fitness, more in frost."""
    put = np.minimum(hands * (1.0 + gain * haste_now), work_left) * first_dam_open
    fit = np.maximum(1.0 - loss * haste_now * frost, 0.0)
    mean = (dam_fitness * dams_first + fit * put) / np.maximum(dams_first + put, 1e-9)
    return dict(
        first_dam_built=put,
        haste=haste_now,
        dam_fitness=np.where(put > 0.0, mean, dam_fitness),
        dam_age=dam_age + first_dam_open,
    )


@dam.equation("work")
def build_again(hands, size, again, dams_second, second_dam_begun):
    """Build the second dam."""
    left = np.maximum(size * again - dams_second, 0.0)
    return dict(second_dam_built=np.minimum(hands, left) * second_dam_begun)


@dam.equation("closing", source="E-018, line 12")
def inspect(
    first_dam_finished, dams_first, size, dam_fitness, needed, second_dam_begun, dams_second, again,
    dam_works, months_allowed, dam_age, months_ahead,
):  # fmt: skip
    """Open the dam when its work is put in; begin another at once where it does not hold water.

    Nobody is asked before whether it works.
    """
    finished = dams_first >= size * (1.0 - 1e-9)
    first = finished & ~(first_dam_finished > 0.5)
    ahead = months_allowed - dam_age
    fit = dam_fitness >= needed
    begun = (second_dam_begun > 0.5) | (first & ~fit)
    rebuilt = begun & (dams_second >= size * again * (1.0 - 1e-9))
    return dict(
        months_ahead=np.where(first, ahead, months_ahead),
        first_dam_finished=finished * 1.0,
        second_dam_begun=begun * 1.0,
        dam_works=((finished & fit) | rebuilt) * 1.0,
        dam_ahead=first & (ahead >= 0.0),
        dam_late=first & (ahead < 0.0),
        dam_leaks=first & ~fit,
        dam_rebuilt=rebuilt & ~(dam_works > 0.5),
    )
