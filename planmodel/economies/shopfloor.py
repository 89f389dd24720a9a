"""Forms of the labour process that economies share.

Who goes and who is new, what is learnt and what newcomers cost, what norms press out of an hour, who stays
away and who is below his norm. Each economy has its own sizes, and leaves out what it has no cause of: zero
stands there.
"""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import helper

# ---- who goes, and who is new ------------------------------------------------------------------------------


@helper
def moving_on(usual: Array, season: Array | float, causes: Array, held: Array | float) -> Array:
    """Return the rate at which people leave a job, a site or a post: u (s + c) (1 - h).

    Parameters
    ----------
    usual
        Rate where nothing is wanting and nobody is held.
    season
        How many of them leave in the season, over the mean of the year; one where there is no season.
    causes
        Rise of the rate by what drives people out, over the usual one, not negative.
    held
        Share of it that penalties, passports or a pledge prevent.
    """
    return usual * (season + causes) * (1.0 - held)


@helper(notation=r"\left(1 - e^{-<rate>}\right)")
def share_gone(rate: Array) -> Array:
    """Return the share that is gone after a time: 1 - exp(-r), r the rate over that time."""
    return -np.expm1(-rate)


@helper
def settling(new: Array, months: Array | float, came: Array) -> Array:
    """Return the share of those who are new to their place: x - x / tau + c.

    Parameters
    ----------
    new
        Share of the new before, shape ``(members,)``.
    months
        Time in which one settles.
    came
        Share that became new in the month.
    """
    return new - new / months + came


@helper
def time_kept(lost: Array, moves: Array, most: Array | float) -> Array:
    """Return working time that is not lost between two jobs: 1 - min(l m, most).

    Parameters
    ----------
    lost
        Time that one move costs.
    moves
        Moves per worker in the same unit of time.
    most
        Share of the time that moves cost at most.
    """
    return 1.0 - np.minimum(lost * moves, most)


# ---- what is learnt, and what newcomers cost ---------------------------------------------------------------
# A skill between that of a newcomer and that of an experienced worker is the mean of a workforce of both: who
# learns a trade in tau months leaves the unskilled at 1 / tau, and lifts the mean by what is wanting / tau.


@helper
def learnt(wanting: Array, months: Array) -> Array:
    """Return what is learnt in a month of what is still to be learnt, in persons or in skill: w / tau."""
    return wanting / months


@helper
def diluted(fresh: Array, skill: Array, brought: Array) -> Array:
    """Return the skill that newcomers cost: their share times what they lack.

    Parameters
    ----------
    fresh
        Share of the workforce that is new this month, shape ``(members,)``.
    skill
        Skill of those who are there.
    brought
        Skill that newcomers bring.
    """
    return fresh * np.maximum(skill - brought, 0.0)


@helper
def practised(new: Array, usual: Array, loss: Array) -> Array:
    """Return what holders of posts can do, where some are newer to them than as a rule.

    It is one with as many new holders as there usually are, and less by the loss where all are new.

    Parameters
    ----------
    new
        Share of the posts whose holder is new, shape ``(members,)``.
    usual
        The same share in ordinary years, below one.
    loss
        Share of the work that is lost where every holder is new.
    """
    return 1.0 - loss * (new - usual) / (1.0 - usual)


# ---- what is wanting, and who stays away -------------------------------------------------------------------


@helper
def short_of(had: Array, enough: Array | float) -> Array:
    """Return what is wanting of food or room: max(1 - h / e, 0)."""
    return np.maximum(1.0 - had / enough, 0.0)


@helper
def missed(usual: Array, wanting: Array, causes: Array, penalty: Array, deterrence: Array) -> Array:
    """Return the days that workers miss: u (1 + a w) exp(-b p).

    What a day away is worth differs from worker to worker and from day to day: of the days on which work
    would be missed, a share that falls exponentially with the penalty is worth what it takes.

    Parameters
    ----------
    usual
        Days missed where nothing is wanting and nothing is punished.
    wanting
        What is wanting of food, room and skill, shape ``(members,)``, not negative.
    causes
        Rise of absence for each point of it.
    penalty
        Penalties, 0 to 1.
    deterrence
        Fall, in logarithms, by full penalties.
    """
    return usual * (1.0 + causes * wanting) * np.exp(-deterrence * penalty)


# ---- norms and intensity -----------------------------------------------------------------------------------


@helper
def fading(work: Array, months: Array) -> Array:
    """Return work of an hour, whose rise above that of the first day is lost to fatigue and wear.

    Parameters
    ----------
    work
        Work of an hour over that of the first day, after what norms added this month.
    months
        Time in which a rise is lost.
    """
    return work - np.maximum(work - 1.0, 0.0) / months


@helper(notation=r"\text{share below}_{<spread>}\left(<work> / <norm>\right)")
def share_below(work: Array, norm: Array, spread: Array) -> Array:
    """Return the share of workers who do less than the norm: 1 / (1 + (w / n)^(1 / s)).

    What workers do is spread around what the middle one does, in logarithms, as the logistic curve says.

    Parameters
    ----------
    work
        What the middle worker does, over the norm of the first day, shape ``(members,)``.
    norm
        Norms over those of the first day.
    spread
        Scale of the spread, in logarithms.
    """
    return 1.0 / (1.0 + (work / norm) ** (1.0 / spread))
