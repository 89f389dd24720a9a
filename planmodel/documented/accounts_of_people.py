"""Accounts, averages and totals of people and the village that must come out."""

from planmodel.documented.figures import (
    Comparison,
    Declared,
    Figures,
    agricultural,
    january,
    mean,
    ratio,
    relative_rise,
    rise,
    same,
    total,
    years,
)

ADK = "andreev_darskii_kharkova"
ARRIVALS = (
    "camp_arrivals_from_other_camps",
    "camp_arrivals_from_outside",
    "camp_recaptured",
    "camp_arrivals_other",
)
DEPARTURES = (
    "camp_departures_to_other_camps",
    "camp_departures_to_outside",
    "camp_released",
    "camp_escapes",
    "camp_departures_other",
    "camp_deaths",
)


def population_account(figures: Figures) -> list[Comparison]:
    """Carry the population of each year forward to the next 1 January."""
    emigration = figures.dated("net_emigration", ADK)
    return [
        (
            f"{year + 1}-01-01",
            figures.at("population", ADK, f"{year}-01-01")
            + figures.at("births", ADK, year)
            - figures.at("deaths", ADK, year)
            - emigration.get(str(year), 0.0),
            figures.at("population", ADK, f"{year + 1}-01-01"),
        )
        for year in range(1927, 1939)
    ]


def camp_account(figures: Figures) -> list[Comparison]:
    """Carry the camp population of each year forward to the next 1 January."""
    return [
        (
            f"{year + 1}-01-01",
            figures.at("camp_inmates", "archival", f"{year}-01-01")
            + sum(figures.at(flow, "archival", year) for flow in ARRIVALS)
            - sum(figures.at(flow, "archival", year) for flow in DEPARTURES),
            figures.at("camp_inmates", "archival", f"{year + 1}-01-01"),
        )
        for year in range(1934, 1941)
    ]


def camps_and_colonies(figures: Figures) -> list[Comparison]:
    """Add camps and colonies; colonies are not recorded before 1935."""
    return [
        (
            day,
            figures.at("camp_inmates", "archival", day) + figures.at("colony_inmates", "archival", day),
            figures.at("camp_and_colony_inmates", "archival", day),
        )
        for day in january(1935, 1941)
    ]


def village_balance(figures: Figures) -> list[Comparison]:
    """Subtract procurement from the harvest in Lewin's table; 1939 uses the average of 1938-40."""
    terms = (
        ("1928/29", "1928", "1928/29"),
        ("1930/31", "1930", "1930/31"),
        ("1931/32", "1931", "1931/32"),
        ("1935/36", "1935", "1935/36"),
        ("1939/40", "1939", "1938..1940"),
    )
    return [
        (
            date,
            figures.at("grain_harvest", "lewin", harvest)
            - figures.at("grain_procurement", "lewin", procurement),
            figures.at("village_grain_balance", "lewin", date),
        )
        for date, harvest, procurement in terms
    ]


def village_balance_of_middle_harvest(figures: Figures) -> list[Comparison]:
    """Subtract procurement from the middle harvest of Davies and Wheatcroft."""
    return [
        (
            date,
            figures.at("grain_harvest", "davies_wheatcroft_mid", date[:4])
            - figures.at("grain_procurement", "davies_wheatcroft_moshkov", date),
            figures.at("village_grain_balance", "davies_wheatcroft", date),
        )
        for date in agricultural(1930, 1933)
    ]


def harvest_middle(figures: Figures) -> list[Comparison]:
    """Halve the sum of the low and the high estimate of Davies and Wheatcroft."""
    return [
        (
            year,
            (
                figures.at("grain_harvest", "davies_wheatcroft_low", year)
                + figures.at("grain_harvest", "davies_wheatcroft_high", year)
            )
            / 2,
            figures.at("grain_harvest", "davies_wheatcroft_mid", year),
        )
        for year in years(1930, 1933)
    ]


def deaths_of_camps_within_total(figures: Figures) -> list[Comparison]:
    """Deaths in camps beyond those in camps and colonies; there should be none."""
    return [
        (
            year,
            max(
                0.0,
                figures.at("camp_deaths", "archival", year)
                - figures.at("camp_and_colony_deaths", "archival", year),
            ),
            0.0,
        )
        for year in years(1935, 1938)
    ]


def losses_by_maksudov(figures: Figures) -> list[Comparison]:
    """Add the losses before and after 1939; of those after, the middle of the range."""
    name, after = "demographic_losses", ("maksudov_after_1939", "1939..1953")
    ends = [figures.at(name, *after, kind=kind) for kind in ("estimate_low", "estimate_high")]
    before = figures.at(name, "maksudov_adults", "1931..1939") + figures.at(
        name, "maksudov_children", "1932..1934"
    )
    return [("1931..1953", before + sum(ends) / 2, figures.at(name, "maksudov_whole", "1931..1953"))]


_CENSUS = [("urban_population", "census_tables"), ("rural_population", "census_tables")]
_BOOK_CENSUS = [("urban_population", "book"), ("rural_population", "book")]
_CENSUS_DAYS = ["1926-12-17", "1937-01-06", "1939-01-17"]

PEOPLE_AND_VILLAGE: tuple[Declared, ...] = (
    (
        "population account",
        "population on 1 January + births - deaths - net emigration = population on the next 1 January",
        0.002,
        population_account,
    ),
    (
        "camp account",
        "camp inmates on 1 January + arrivals - departures - deaths = inmates on the next 1 January",
        1e-9,
        camp_account,
    ),
    ("camps and colonies", "inmates of camps + of colonies = inmates of both", 1e-9, camps_and_colonies),
    (
        "deaths in camps and colonies",
        "deaths in camps do not exceed deaths in camps and colonies (excess = 0)",
        1e-9,
        deaths_of_camps_within_total,
    ),
    (
        "special settlers",
        "settlers on 31 December = settlers on the next 1 January",
        1e-9,
        lambda figures: [
            (
                f"{year + 1}-01-01",
                figures.at("special_settlers", "zemskov_31_december", f"{year}-12-31"),
                figures.at("special_settlers", "archival", f"{year + 1}-01-01"),
            )
            for year in range(1932, 1941)
        ],
    ),
    (
        "procurement averages",
        "official average procurement = mean of the agricultural years",
        0.4,
        mean(
            ("grain_procurement", "official_average"),
            ("grain_procurement", "davies_wheatcroft_moshkov"),
            [
                ("1928..1932", agricultural(1928, 1932)),
                ("1933..1937", agricultural(1933, 1937)),
                ("1938..1940", agricultural(1938, 1940)),
            ],
        ),
    ),
    (
        "harvest average",
        "official average harvest of 1933-37 = mean of the post-war revision",
        0.1,
        mean(
            ("grain_harvest", "official_handbook_1960"),
            ("grain_harvest", "postwar_revision"),
            [("1933..1937", years(1933, 1937))],
        ),
    ),
    ("harvest middle", "mean of the low and the high harvest = middle harvest", 1e-9, harvest_middle),
    (
        "procurement share",
        "procurement share = procurement / harvest (Lewin)",
        0.0006,
        ratio(
            ("grain_procurement_share", "lewin"),
            ("grain_procurement", "lewin"),
            ("grain_harvest", "lewin"),
            [
                ("1928/29", "1928/29", "1928"),
                ("1930/31", "1930/31", "1930"),
                ("1931/32", "1931/32", "1931"),
                ("1935/36", "1935/36", "1935"),
                ("1939/40", "1938..1940", "1939"),
            ],
        ),
    ),
    ("village balance", "harvest - procurement = grain left in the village (Lewin)", 0.05, village_balance),
    (
        "village balance, middle harvest",
        "harvest - procurement = grain left in the village (Davies and Wheatcroft)",
        1e-9,
        village_balance_of_middle_harvest,
    ),
    (
        "marketed grain, 1927",
        "shares of individual farms, sovkhozes and kolkhozes add up to one",
        0.001,
        total(
            [
                ("marketed_grain_share_individual_farms", "book"),
                ("marketed_grain_share_sovkhozes", "book"),
                ("marketed_grain_share_kolkhozes", "book"),
            ],
            1.0,
            ["1927"],
        ),
    ),
    (
        "sheep and goats",
        "sheep + goats = sheep and goats (1 January)",
        0.05,
        total(
            [("sheep", "great_soviet_encyclopedia"), ("goats", "great_soviet_encyclopedia")],
            ("sheep_and_goats", "january_count"),
            ["1929-01-01", "1934-01-01", "1941-01-01"],
        ),
    ),
    (
        "herds in 1934: cattle",
        "growth during 1934 = change between two 1 January counts",
        0.01,
        relative_rise(
            ("cattle_growth", "osinskii_memo"),
            ("cattle", "january_count"),
            [("1934", "1934-01-01", "1935-01-01")],
        ),
    ),
    (
        "herds in 1934: pigs",
        "growth during 1934 = change between two 1 January counts",
        0.01,
        relative_rise(
            ("pigs_growth", "osinskii_memo"),
            ("pigs", "january_count"),
            [("1934", "1934-01-01", "1935-01-01")],
        ),
    ),
    (
        "cattle in 1929",
        "change during 1929 = difference of two 1 January counts",
        0.05,
        rise(
            ("cattle_change", "moshkov"),
            ("cattle", "january_count"),
            [("1929", "1929-01-01", "1930-01-01")],
        ),
    ),
    (
        "census tables",
        "urban + rural = total, tables by age",
        1e-6,
        total(_CENSUS, ("population", "census_tables"), _CENSUS_DAYS),
    ),
    (
        "census in the source text",
        "urban + rural = total, rounded figures",
        0.05,
        total(_BOOK_CENSUS, ("population", "book"), ["1926-12-17", "1939-01-17"]),
    ),
    (
        "urban share",
        "urban share = urban / total population",
        0.0006,
        ratio(
            ("urban_share", "book"),
            ("urban_population", "book"),
            ("population", "book"),
            [(day, day, day) for day in ("1926-12-17", "1939-01-17")],
        ),
    ),
    (
        "migration of 1929-31",
        "total of three years = sum of the years",
        0.05,
        lambda figures: [
            (
                "1929..1931",
                figures.at("net_migration_to_towns_over_period", "lorimer", "1929..1931"),
                sum(figures.at("net_migration_to_towns", "book", year) for year in years(1929, 1931)),
            )
        ],
    ),
    (
        "exiles of 1930-31",
        "archival total = total in Zemskov's table",
        1e-9,
        same(("deported_peasants", "archival"), ("deported_peasants", "zemskov")),
    ),
    (
        "growth of towns in the source text",
        "stated growth of 1926-39 = ratio of the two counts printed beside it, within two points",
        0.02,
        relative_rise(
            ("urban_population_change_over_period", "book"),
            ("urban_population", "book"),
            [("1926-12-17..1939-01-17", "1926-12-17", "1939-01-17")],
        ),
    ),
    (
        "dwellings in Moscow",
        "shares of five forms of dwelling add up to one, within half a point",
        0.005,
        total(
            [
                (f"urban_households_{form}_share", "book")
                for form in (
                    *("several_rooms", "one_room", "part_of_a_room"),
                    *("corridor_or_kitchen", "dormitory"),
                )
            ],
            1.0,
            ["1930..1940"],
            territory="Moscow",
        ),
    ),
    (
        "losses by Maksudov",
        "losses of adults and children to 1939 + middle of those after = whole, a round twenty million",
        1.0,
        losses_by_maksudov,
    ),
)
