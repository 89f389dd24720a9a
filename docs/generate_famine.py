"""Write the tables of famine.md: ``python docs/generate_famine.py`` (four minutes).

Only what stands between the markers is written: tables, and below each the words that follow from it.
Everything is the central history of the baseline; rules that are fitted anew are 1,500 draws each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import famine_beside
import famine_causes
import famine_estimates
import famine_levels
import famine_rules
import famine_versions
import famine_where
from famine_beside import Beside, beside, facts
from famine_runs import in_lines
from generate_harvest import filled

PAGE = Path(__file__).with_name("famine.md")
GRAIN = ("Grain taken", "Harvest")


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(in_lines(part) for part in parts)


def _facts(*titles: str) -> list[Beside]:
    return [one for one in facts() if one.title in titles]


def deaths() -> str:
    """Return deaths by region and year, and every version of the record."""
    return _paragraphs(
        famine_beside.deaths_by_year(), famine_beside.deaths_in_words(), beside(_facts("Excess deaths"))
    )


def grain() -> str:
    """Return harvests, procurement, cuts of the quotas."""
    return _paragraphs(beside(_facts(*GRAIN)), famine_beside.campaigns(), famine_beside.cuts_in_words())


def stocks() -> str:
    """Return the grain of the state, and what came back to villages."""
    return _paragraphs(famine_beside.stocks(), famine_beside.aid(), famine_beside.loans_on_record())


def village() -> str:
    """Return collectivised shares, and the herds of Kazakhstan."""
    others = ("Collectivised share", "All animals", "Cattle", "Horses", "Sheep and goats")
    return beside(_facts(*others))


def where() -> str:
    """Return what deaths go with over the regions."""
    return _paragraphs(famine_where.ranking(), famine_where.ranks_in_words(famine_where.ranks()[0]))


def harvest() -> str:
    """Return what made the harvest of Ukraine in 1932."""
    return _paragraphs(famine_causes.factors(), famine_causes.factors_in_words())


def estimates() -> str:
    """Return the balance as a judge of estimates."""
    return _paragraphs(famine_estimates.judged(), famine_estimates.judged_in_words())


def levels() -> str:
    """Return how deaths follow harvests."""
    return _paragraphs(
        famine_levels.levels(), famine_levels.levels_in_words(), famine_levels.slopes(),
        famine_levels.slopes_in_words(),
    )  # fmt: skip


def rules() -> str:
    """Return deaths under other rules."""
    return _paragraphs(famine_rules.table(), famine_rules.in_words())


def versions() -> str:
    """Return seven regions beside one country."""
    return _paragraphs(famine_versions.table(), famine_versions.in_words())


BLOCKS: dict[str, Callable[[], str]] = {
    "deaths": deaths, "grain": grain, "stocks": stocks, "village": village, "where": where,
    "harvest": harvest, "estimates": estimates, "levels": levels, "rules": rules, "versions": versions,
}  # fmt: skip


def main() -> None:
    """Write the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, {name: made() for name, made in BLOCKS.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
