"""Work: output of the two kinds of plants, capital given."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import cobb_douglas
from planmodel.economies.shopfloor import fading, share_below, time_kept
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

work = Block("work")


@work.auxiliary
def intensity_now(intensity, norm_effort, norm_rise, norm_fade):
    """Work of an hour by norms, whose gain is lost to fatigue and wear."""
    return fading(intensity + norm_effort * norm_rise, norm_fade)


@work.equation("work")
def press(intensity_now):
    """Norms press work, for a time."""
    return dict(intensity=intensity_now)


@work.auxiliary(source="E-028; lines 47, 53, 63 and 65")
def effort(hours, meetings, shock_gain, shock_workers, storming, intensity_now, order, director_alone):
    """Effort and time of all: shock work adds, storming upsets, norms press, meetings take time."""
    time = (hours - meetings) / hours
    moved = 1.0 + shock_gain * shock_workers - storming * shock_workers**2
    return moved * intensity_now * (1.0 + order * director_alone) * time


@work.auxiliary(source="lines 55 and 57")
def made(
    people_skilled_plant, people_unskilled_plant, communes, has_communes_plant, equal_loss, equal_gain, skill,
    new_in_place, disturbed_plant, effort,
):  # fmt: skip
    """What skill and hands make; equal shares move both, and those new in their place make less."""
    shared = communes * has_communes_plant
    skilled = people_skilled_plant * (1.0 - equal_loss * shared)
    unskilled = people_unskilled_plant * (1.0 + equal_gain * shared)
    kept = time_kept(new_in_place, disturbed_plant, 1.0)
    return cobb_douglas(skilled, unskilled, skill) * kept * effort


@work.auxiliary
def scale_now(scale, made, all_staff):
    """Output a worker in the first month."""
    return np.where(scale > 0.0, scale, total(made, "plant") / all_staff)


@work.auxiliary
def done_by_one(made, all_staff, scale_now):
    """Output a worker, over that of the first month."""
    return total(made, "plant") / all_staff / scale_now


@work.equation("work")
def make(made, scale_now, staff, done_by_one):
    """Output, in what one worker made in a month of 1928; capital is given."""
    return dict(
        made_plant=made / scale_now,
        output_a_worker_plant=made / scale_now / staff,
        output=total(made, "plant") / scale_now,
        output_a_worker=done_by_one,
        scale=scale_now,
    )


@work.equation("work", source="Bettelheim, lines 6076-6080 and 6203-6208")
def count_below_norm(done_by_one, norm, norm_ease, norm_spread):
    """Who does less than his norm: records raise norms, and others follow or do not."""
    return dict(below_norm=share_below(norm_ease * done_by_one, norm, norm_spread))
