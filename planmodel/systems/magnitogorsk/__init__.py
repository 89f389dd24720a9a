"""Magnitogorsk 1929-35: who came to the site, who stayed, what they learned, and a dam built twice.

Sources: facts_E 16-19, read from student papers on S. Kotkin's "Peopling Magnitostroi"
(001_4fb5ab3f00d5408e.txt); "line" in a source is a line of that text. The texts give hardly a number: sizes
are assumptions unless marked.
"""

from datetime import date

from planmodel.engine import Phase
from planmodel.systems.magnitogorsk.dam import Dam
from planmodel.systems.magnitogorsk.movement import Movement
from planmodel.systems.magnitogorsk.settlement import Settlement
from planmodel.systems.magnitogorsk.training import Training

COMPONENTS = (Settlement, Movement, Training, Dam)
OPENING = date(1929, 4, 1)
PHASES = (Phase("supply"), Phase("work"), Phase("labour"), Phase("closing"), Phase("record"))
SHOWN = (
    "workers",
    "population_of_site",
    "arrivals",
    "departures",
    "mean_stay",
    "hardship",
    "living_space",
    "penal_share",
    "forged",
    "skill_workers",
    "dam_works",
)
