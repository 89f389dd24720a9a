"""Sums of parts of the country that must come out."""

from collections.abc import Callable

from planmodel.documented.catalogue import parts_of_the_country
from planmodel.documented.figures import Comparison, Declared, Figures, Sides
from planmodel.documented.vocabulary import PRE_1939

_CENSUSES = ["1926-12-17", "1939-01-17"]
_PUBLISHED = ("population", "published_1939")
_MAIN = "Main grain regions"
_ELEVEN = (
    "Ukraine",
    "North Caucasus krai",
    "Crimean ASSR",
    "Central Black Earth",
    "Middle Volga",
    "Lower Volga",
    "Tatar ASSR",
    "Bashkir ASSR",
    "Urals",
    "Siberia",
    "Kazakhstan",
)


def _within(*wholes: str) -> Callable[[str], bool]:
    """Pick parts that lie directly within one of several territories."""
    return lambda name: parts_of_the_country()[name][0] in wholes


_REPUBLICS = _within(PRE_1939, "Transcaucasia", "Central Asia")


def _every(name: str) -> bool:
    """Pick all parts."""
    return True


def _sum(
    parts: tuple[str, str],
    dates: list[str],
    among: Callable[[str], bool],
    whole: Callable[[Figures, str], float],
    kind: str | None = None,
) -> Sides:
    """Set the sum of parts beside a total."""

    def sides(figures: Figures) -> list[Comparison]:
        return [(date, figures.parts(*parts, date, among, kind), whole(figures, date)) for date in dates]

    return sides


REGIONS: tuple[Declared, ...] = (
    (
        "republics: published in 1939",
        "eleven republics added = printed total",
        1e-9,
        _sum(_PUBLISHED, _CENSUSES, _REPUBLICS, lambda f, date: f.at(*_PUBLISHED, date)),
    ),
    (
        "republics: borders of 1926",
        "six republics of the time added = population of the census",
        1e-9,
        _sum(
            ("population", "borders_of_1926"),
            ["1926-12-17"],
            _every,
            lambda f, date: f.at("population", "census_tables", date),
        ),
    ),
    (
        "republics: towns in 1926",
        "urban population of eleven republics, recalled = urban population of the census",
        1e-9,
        _sum(
            ("urban_population", "published_1939"),
            ["1926-12-17"],
            _REPUBLICS,
            lambda f, date: f.at("urban_population", "census_tables", date),
        ),
    ),
    (
        "regions of the RSFSR, 1926",
        "nineteen census regions, recalled = RSFSR with Kazakhstan and Kirgizia, less than a thousand apart",
        0.0005,
        _sum(
            ("population", "census_regions_1926"),
            ["1926-12-17"],
            _every,
            lambda f, date: f.at(
                "population", "borders_of_1926", date, territory="RSFSR with Kazakhstan and Kirgizia"
            ),
        ),
    ),
    (
        "regions of the RSFSR, 1939",
        "fifty-three oblasts, krais and ASSRs, recalled = RSFSR, less than a thousand apart",
        0.001,
        _sum(
            _PUBLISHED,
            ["1939-01-17"],
            _within("RSFSR"),
            lambda f, date: f.at(*_PUBLISHED, date, territory="RSFSR"),
        ),
    ),
    (
        "procurement plan of 1930",
        "eleven main grain regions added = printed total, each rounded when converted",
        0.0005,
        _sum(
            ("grain_procurement", "control_figures_may_1930"),
            ["1930/31"],
            _ELEVEN.__contains__,
            lambda f, date: f.at(
                "grain_procurement", "control_figures_may_1930", date, kind="plan", territory=_MAIN
            ),
            "plan",
        ),
    ),
    (
        "procurement plan of 1932, Ukraine",
        "six oblasts and the Moldavian ASSR added = printed total",
        1e-9,
        _sum(
            ("grain_procurement", "committee_july_1932"),
            ["1932/33"],
            _within("Ukraine"),
            lambda f, date: f.at(
                "grain_procurement", "committee_july_1932", date, kind="plan", territory="Ukraine"
            ),
            "plan",
        ),
    ),
    (
        "exiled families by origin",
        "families by region of origin, recalled = printed total",
        1e-9,
        _sum(
            ("deported_peasant_families", "archival"),
            ["1930..1931"],
            _every,
            lambda f, date: f.at("deported_peasant_families", "archival", date),
        ),
    ),
    (
        "exiled families of 1930 and 1931",
        "two years, recalled = printed total",
        1e-9,
        lambda figures: [
            (
                "1930..1931",
                sum(figures.at("deported_peasant_families", "archival", year) for year in (1930, 1931)),
                figures.at("deported_peasant_families", "archival", "1930..1931"),
            )
        ],
    ),
)
