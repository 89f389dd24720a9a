"""The 25,000ers: control of the tempo of collectivisation from the centre against the local apparatus.

Sources: facts_E 23, 27 and 29, read from student papers on L. Viola (001_4fb5ab3f00d5408e.txt, "001, line")
and a review of her book (004_64b1875e2a735ad3.txt, "004, line"); facts_A for the course of collectivisation
("Bettelheim, lines"). They say who outnumbered whom and who was heard; sizes are assumptions unless marked.
"""

from datetime import date

from planmodel.engine import Phase
from planmodel.systems.cadres_of_25000.apparatus import Apparatus
from planmodel.systems.cadres_of_25000.cadres import Cadres
from planmodel.systems.cadres_of_25000.centre import Centre
from planmodel.systems.cadres_of_25000.village import Village

COMPONENTS = (Village, Apparatus, Cadres, Centre)
DEKADS = (10, 20, 0)
OPENING = date(1929, 10, 1)
PHASES = (Phase("campaign", DEKADS), Phase("review", DEKADS), Phase("record"))
SHOWN = (
    "share_in_kolkhozes",
    "planned_share",
    "pressure",
    "local_pressure",
    "discontent",
    "discontent_reported",
    "control",
    "cadres_in_villages",
    "households_joined",
    "households_left",
)
