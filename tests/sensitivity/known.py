"""Functions and games whose indices and shares are known, and analyses of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import qmc

from planmodel.engine import Array
from planmodel.sensitivity.designs import Design, make_design
from planmodel.sensitivity.schema import Analysis

ISHIGAMI = ["x1", "x2", "x3"]
G = (0.0, 1.0, 4.5, 9.0, 99.0)


def analysis(method: str, samples: int = 1024, **more: Any) -> Analysis:
    """An analysis with this method; what it varies and measures does not matter here."""
    about: dict[str, Any] = {"name": "known", "method": method, "samples": samples}
    about |= {"vary": {"x": {}}, "outputs": {"y": {"of": "investment", "dates": "1930"}}}
    return Analysis.model_validate(about | more)


def designed(method: str, inputs: int, samples: int = 1024, **more: Any) -> Design:
    names = [f"x{i + 1}" for i in range(inputs)]
    groups = more.pop("by", names)
    if groups != names:
        more["groups"] = {g: [n for n, of in zip(names, groups, strict=True) if of == g] for g in set(groups)}
    return make_design(analysis(method, samples, **more), names, groups)


def drawn(inputs: int, samples: int, seed: int = 0) -> Design:
    points = qmc.LatinHypercube(inputs, rng=np.random.default_rng(seed)).random(samples)
    return Design([f"x{i + 1}" for i in range(inputs)], points)


def ishigami(points: Array) -> Array:
    """The function of Ishigami and Homma (1990) on the unit cube, a = 7, b = 0.1."""
    x = np.pi * (2.0 * points - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices() -> tuple[Array, Array, Array]:
    """First-order, total and second-order (12, 13, 23) indices."""
    first = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2
    second = 49.0 / 8.0
    both = 0.01 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = first + second + both
    return (
        np.array([first, second, 0.0]) / whole,
        np.array([first + both, second, both]) / whole,
        np.array([0.0, both, 0.0]) / whole,
    )


def sobol_g(points: Array) -> Array:
    a = np.array(G)
    return np.prod((np.abs(4.0 * points - 2.0) + a) / (1.0 + a), axis=1)


def sobol_g_indices() -> tuple[Array, Array]:
    """First-order and total indices."""
    parts = 1.0 / (3.0 * (1.0 + np.array(G)) ** 2)
    whole = np.prod(1.0 + parts) - 1.0
    total = np.array([p * np.prod(1.0 + np.delete(parts, i)) for i, p in enumerate(parts)])
    return parts / whole, total / whole
