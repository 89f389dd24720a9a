"""The shop floor: shock work, communes, meetings, norms, and how wide pay is spread."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block

shopfloor = Block("shopfloor")


# ---- shock work, norms, meetings ---------------------------------------------------------------------------


@shopfloor.auxiliary
def shock_work_called(shock_work):
    """How far shock work is called for."""
    return shock_work


@shopfloor.auxiliary(without="shock_work")
def shock_work_called():
    """Nobody calls for shock work."""
    return 0.0


@shopfloor.auxiliary
def director_alone(one_man_management):
    """How far the director alone decides in the plant."""
    return one_man_management


@shopfloor.auxiliary(without="one_man_management")
def director_alone():
    """One-man management has no effect."""
    return 0.0


@shopfloor.auxiliary
def levelling_favoured(levelling):
    """How far equal pay and communes are favoured."""
    return levelling


@shopfloor.auxiliary(without="levelling")
def levelling_favoured():
    """Levelling has no effect."""
    return 0.0


@shopfloor.auxiliary(source="C-022, C-023; Bettelheim, lines 6073-6085")
def records(ratchet, shock_workers, at_most):
    """Yearly rise of norms that the records of shock workers justify."""
    return ratchet * shock_workers / at_most


@shopfloor.auxiliary(without="norm_ratchet")
def records():
    """Records leave norms as they are."""
    return 0.0


@shopfloor.auxiliary(source="Bettelheim, lines 5555-5564")
def norms_rise(records, campaign, norm_campaign):
    """Rise of norms in the month, by records and by campaigns."""
    return (records + campaign * norm_campaign) / 12.0


@shopfloor.equation("shopfloor")
def raise_norms(norm, norms_rise):
    """Norms are raised."""
    return dict(norm=norm * (1.0 + norms_rise), norm_rise=norms_rise)


@shopfloor.auxiliary(source="Bettelheim, lines 6648-6722; line 65")
def shock_workers_now(
    shock_workers, contagion, at_most, shock_work_called, walled_off, director_alone, hostility, norms_rise
):  # fmt: skip
    """Shock work spreads from worker to worker, less where the director alone decides and as norms rise."""
    grown = contagion * shock_workers * (1.0 - shock_workers / at_most) * shock_work_called
    grown = grown * (1.0 - walled_off * director_alone)
    return within(shock_workers + grown - hostility * norms_rise * shock_workers, 0.0, 1.0)


@shopfloor.equation("shopfloor")
def spread_shock_work(shock_workers_now):
    """Shock workers among all."""
    return dict(shock_workers=shock_workers_now)


@shopfloor.auxiliary
def taking_part(shock_workers_now, at_most):
    """Part in meetings, by the root of shock work over what it can reach."""
    return np.sqrt(np.minimum(shock_workers_now / at_most, 1.0))


@shopfloor.auxiliary(without="meetings")
def taking_part():
    """Nobody meets in working time."""
    return 0.0


@shopfloor.equation("shopfloor", source="E-028; line 65")
def meet(meeting_time, taking_part, stopped, director_alone):
    """Meetings take working time, until one-man management stops them."""
    return dict(meetings=meeting_time * taking_part * (1.0 - stopped * director_alone))


# ---- equal shares and the spread of pay --------------------------------------------------------------------


@shopfloor.equation("shopfloor", source="lines 55 and 57")
def share_equally(communes, sharing, levelling_favoured, shock_workers, at_most, parting):
    """Communes with equal shares grow out of shock work where levelling is favoured, and end elsewhere."""
    grown = sharing * levelling_favoured * shock_workers / at_most * (1.0 - communes)
    left = communes + grown - parting * (1.0 - levelling_favoured) * communes
    return dict(communes=within(left, 0.0, 1.0))


@shopfloor.auxiliary
def bid_for_skill(parameter_scarcity, skill_wanting):
    """What scarcity of skill adds to the logarithm of the spread of pay."""
    return parameter_scarcity * skill_wanting


@shopfloor.equation("shopfloor", source="E-030; lines 55 and 57")
def spread_pay(
    spread, levelled, elsewhere, levelling_favoured, communes, bid_for_skill, workers_level, workers
):  # fmt: skip
    """Favour for levelling narrows pay, most in plants that level; the others bid for skill.

    Where levelling is not favoured all plants bid for skill.
    """
    log = np.log(spread)
    level = np.exp((1.0 - levelled * levelling_favoured) * (1.0 - communes) * log)
    level = np.where(levelling_favoured > 0.0, level, np.exp((1.0 - communes) * log + bid_for_skill))
    wide = np.exp((1.0 - elsewhere * levelled * levelling_favoured) * log + bid_for_skill)
    share = workers_level / np.maximum(workers, 1e-9)
    return dict(spread_level=level, spread_wide=wide, mean_spread=share * level + (1.0 - share) * wide)
