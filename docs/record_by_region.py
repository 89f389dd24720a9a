"""The part of record.md on the regions of the village: what the record has of each, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from planmodel.documented.regions import OfRegion, by_region, regions
from planmodel.show.markdown import table_of

HEAD = """\
## By region of the village

Seven regions and a boundary, {names}, each made up of territories of the
record (`planmodel/documented/regions.toml`). `planmodel series regions VARIABLE` adds them up: amounts only
where every part has a figure, shares and averages as means weighed by people where parts with a figure hold
four fifths of these. The table below is what a village by regions can be fitted to or judged by. Where some
parts have no figure, it shows what the others make, and in brackets the share of the people of the region who
live in these: no figure of the region, but one that a model can be held to by that share. `RSFSR without
Kazakhstan`, of which excess deaths are told (3.26 million), is the North Caucasus, Volga, Black Earth,
consumer regions and East, less Belarus. What is put in by region, with every guess marked, stands in
`planmodel/documented/regional_inputs.csv`.
"""
MISSING = """\
What the record does not have by region, and what would decide most:

- grain procured: only Ukraine (1930/31 to 1932/33) and the North Caucasus (1928/29, 1930/31, and 1932/33 to
  January): nothing of the Volga, Black Earth, consumer regions, East and Kazakhstan in any year;
- plans of procurement of 1931/32: only Ukraine, North Caucasus, Lower and Middle Volga, Urals; of 1932/33:
  not of Crimea, Tatar ASSR, Bashkiria, Eastern Siberia, Far East, consumer regions, South;
- sown area: only Kazakhstan (1929, 1937, 1940), and changes in Siberia;
- harvests: only Ukraine and the North Caucasus; yields of 1932: only Ukraine and Ivanovo,
  and ceilings for the North Caucasus and the Lower Volga;
- herds: only Kazakhstan, without days, and changes in Siberia;
- collectivised shares: Siberia, Bashkiria, Tatar ASSR and most consumer regions at any date, the Middle Volga
  after 1929, all regions on 1 January 1932;
- excess deaths of Kazakhstan and the RSFSR by year (so that of 1932 only Ukraine's are known), and of regions
  within the RSFSR;
- rural outflow: Ukraine, Belarus, Siberia, Far East, South;
- loans of seed and food: single decisions, no sums by region and month;
- rural people by region before 1939, towns of the census regions of 1926, and any count between the censuses.
"""
_PLANS_1931 = ("kosior_october_1931", "oskolkov", "politburo_july_1931")
# What of the village can be fitted or judged by region: variable, date, versions in their order, kind.
ASKED: tuple[tuple[str, str, tuple[str, ...], str | None], ...] = (
    ("population", "1926-12-17", ("census_regions_1926", "borders_of_1926"), None),
    ("excess_deaths", "1932..1934", ("levchuk_press", "rudnytskyi_levchuk"), None),
    ("excess_deaths", "1932", ("rudnytskyi_levchuk",), None),
    ("excess_deaths", "1933", ("rudnytskyi_levchuk",), None),
    ("excess_deaths_share_of_population", "1932..1934", ("levchuk_press",), "estimate"),
    ("excess_deaths_share_in_period", "1933", ("rudnytskyi_levchuk",), None),
    ("grain_procurement", "1930/31", ("control_figures_may_1930",), "plan"),
    ("grain_procurement", "1930/31", ("kosior_october_1931", "forum_text"), "actual"),
    ("grain_procurement", "1931/32", (*_PLANS_1931, "khataevich_october_1931"), "plan"),
    ("grain_procurement", "1931/32", ("augb",), None),
    ("grain_procurement", "1932/33", ("decree_6_may_1932",), "plan"),
    ("grain_procurement", "1932/33", ("augb",), None),
    ("grain_procurement", "1932/33", ("rakachev",), None),
    ("grain_harvest", "1930", ("official_original", "forum_text"), None),
    ("grain_harvest", "1931", ("official_original", "oskolkov"), None),
    ("grain_harvest", "1932", ("tauger", "oskolkov"), None),
    ("grain_yield", "1931", ("ivnitsky",), None),
    ("collectivised_share", "1929-10-01", ("davies",), None),
    ("collectivised_share", "1930-03-01", ("davies",), None),
    ("collectivised_share", "1931-01-01", ("davies",), None),
    ("collectivised_share", "1931-10-01..1931-10-31", ("kosior_october_1931",), None),
    ("collectivised_share", "1931-10-01", ("nomads_1917_1991",), None),
    ("livestock", "1932", ("kindler",), None),
    ("cattle", "1932", ("kindler",), None),
    ("sheep_and_goats", "1932", ("kindler",), None),
    ("net_migration_to_towns", "1931", ("tsunkhu_1937",), None),
    ("deported_peasant_families", "1930..1931", ("archival",), None),
    ("settler_arrivals", "1930..1931", ("archival",), None),
)


def by_region_section() -> Iterator[str]:
    """Return the section, a paragraph each."""
    yield HEAD.format(names=", ".join(f"`{name}`" for name in regions()))
    yield table_of(("variable", "date", "versions", *regions()), (_row(*asked) for asked in ASKED))
    yield MISSING


def _row(variable: str, date: str, versions: tuple[str, ...], kind: str | None) -> list[str]:
    found = by_region(variable, date, versions, kind)
    said = f"{date}, plan" if kind == "plan" else date
    return [f"`{variable}`", said, ", ".join(versions), *map(_cell, found.values())]


def _cell(one: OfRegion) -> str:
    if one.partial is None:
        return "some parts" if one.rows else ""
    return f"{one.partial:.3g} ({one.held:.2f})" if one.missing else f"{one.partial:.3g}"
