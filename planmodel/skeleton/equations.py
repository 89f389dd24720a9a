"""A village reaps once a year and eats every month. Put your own equations in the place of these.

An equation is a function: its arguments are what it reads, its named results are what it proposes. All names
are declared in equations.csv, and all numbers stand there.
"""

import numpy as np

from planmodel.engine.equations import Block

village = Block("village")


@village.equation("production", months=(8,))
def harvest(area, grain_yield, weather, drawn_weather):
    """In August the grain is brought in, more or less of it as the weather was."""
    return dict(harvested=area * grain_yield * np.exp(weather * drawn_weather))


@village.equation("consumption")
def eat(people, need, grain_granary):
    """Eat what the village needs, as long as there is any."""
    wanted = people * need / 12
    eaten = np.minimum(wanted, grain_granary)
    return dict(eaten=eaten, fed=eaten / wanted)
