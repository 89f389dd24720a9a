"""Training on the job and in courses, and skill that leaves with those who leave."""

from __future__ import annotations

import numpy as np

from planmodel.economies.shopfloor import learnt
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

training = Block("training")


@training.auxiliary
def settled_workers(people_settled_channel):
    """Settled free workers."""
    return total(people_settled_channel, "channel")


@training.equation("closing", source="lines 8 and 17")
def train(
    settled_workers, skill_workers, learning, places, courses, completing, most_in_courses,
    moved_settled_mobilised, moved_settled_foreign, skilled_on_arrival,
):  # fmt: skip
    """Settled workers learn a trade at work and in courses; some who settle bring one."""
    unskilled = np.maximum(settled_workers - skill_workers, 0.0)
    came = moved_settled_mobilised + moved_settled_foreign
    return dict(
        trained_on_the_job=learnt(unskilled, learning),
        trained_in_courses=np.minimum(places * courses * completing, most_in_courses * unskilled),
        skill_brought=came * skilled_on_arrival,
    )


@training.equation("closing")
def lose_skill(skill_workers, settled_workers, moved_left_settled_channel):
    """Who leaves takes the mean skill of the settled along."""
    left = total(moved_left_settled_channel, "channel")
    return dict(
        skill_left=skill_workers * left / np.maximum(settled_workers + left, 1e-9),
        skilled_share=np.minimum(skill_workers / np.maximum(settled_workers, 1e-9), 1.0),
    )
