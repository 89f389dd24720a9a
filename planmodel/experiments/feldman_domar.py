r"""Two stocks of capital after Feldman (1928) and Domar (1957), with wear.

Machines make machines. With :math:`v` the machines that a unit of the capital that makes machines gives in a
year, :math:`g` the share of them that stays in that sector and :math:`\delta` the wear,

.. math:: \dot K_1 = g v K_1 - \delta K_1, \qquad \dot K_2 = (1 - g) v K_1 - \delta K_2

so that

.. math::

    K_1 = K_1(0) e^{(g v - \delta) t}, \qquad
    K_2 = K_2(0) e^{-\delta t} + \frac{1 - g}{g} K_1(0) \left(e^{(g v - \delta) t} - e^{-\delta t}\right)

Without wear this is the closed form that the engine meets in ``tests/limits/test_feldman_domar.py``, with
:math:`v = 1 / V_1`. Nothing is ever short: labour, food, metal and time to build are not in it.
"""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array


def path(
    years: Array,
    machine_capital: Array | float,
    consumer_capital: Array | float,
    share: Array | float,
    yield_of_capital: Array | float,
    wear: Array | float = 0.0,
) -> tuple[Array, Array]:
    """Return the capital of both sectors.

    Parameters
    ----------
    years
        Years since the start, shape ``(years,)``.
    machine_capital, consumer_capital
        Capital of sector 1 (makes machines) and of sector 2 at the start; numbers or shape ``(members,)``.
    share
        Share of machines that stays in sector 1, above 0 and at most 1.
    yield_of_capital
        Machines a year over the capital that makes them.
    wear
        A year.

    Returns
    -------
    tuple of arrays
        Both stocks, shape ``(years, members)``.
    """
    first, second, kept, made, worn = np.broadcast_arrays(
        *(np.atleast_1d(x) for x in (machine_capital, consumer_capital, share, yield_of_capital, wear))
    )
    if ((kept <= 0.0) | (kept > 1.0)).any():
        raise ValueError("the share that stays in sector 1 must be above 0 and at most 1")
    time = np.asarray(years, dtype=float)[:, None]
    grown, left = np.exp((kept * made - worn) * time), np.exp(-worn * time)
    return first * grown, second * left + (1.0 - kept) / kept * first * (grown - left)
