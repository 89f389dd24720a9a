"""The Autonomous Industrial Colony in the Kuzbass 1922-26, and what came after.

Sources: facts_E 1-15, read from an encyclopedia article (000_998e50dee46309c0.txt); "line" in a source is a
line of that text. It gives numbers of people and dates, and none of output, money or food: those sizes are
assumptions, in orders of magnitude.
"""

from datetime import date

from planmodel.engine import Phase
from planmodel.systems.kuzbass.colonists import Colonists
from planmodel.systems.kuzbass.farm import Farm
from planmodel.systems.kuzbass.mines import Mines
from planmodel.systems.kuzbass.treasury import Treasury

COMPONENTS = (Colonists, Mines, Farm, Treasury)
OPENING = date(1922, 1, 1)
PHASES = (Phase("work"), Phase("sale"), Phase("pay"), Phase("labour"), Phase("record"))
SHOWN = (
    "colonists",
    "arrived_colonists",
    "left_colonists",
    "employees",
    "people_miners",
    "conviction",
    "effort",
    "office_hours",
    "coal_mined",
    "chemicals_made",
    "own_food",
    "money_colony",
    "budget_support",
    "capital_mines",
    "mines_worked",
)
