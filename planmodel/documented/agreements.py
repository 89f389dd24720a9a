"""Overlaps: versions from different sources that agree."""

from planmodel.documented.figures import Comparison, Declared, Figures, pairs, relative_rise, same, years

_ENCYCLOPEDIA_YEARS = ["1929-01-01", "1934-01-01", "1941-01-01"]


def _january_counts(animal: str) -> Declared:
    """Set the recalled 1 January counts of an animal beside the printed table."""
    return (
        f"{animal}: 1 January counts",
        "printed table of the encyclopedia = recalled series",
        0.05,
        same((animal, "great_soviet_encyclopedia"), (animal, "january_count"), _ENCYCLOPEDIA_YEARS),
    )


def _census_of_1938(animal: str) -> Declared:
    """Set the recalled count of 1 January 1938 beside the report on that census."""
    return (
        f"{animal}: livestock census of 1938",
        "final census figure = recalled 1 January count",
        0.05,
        same((animal, "livestock_census_1938"), (animal, "january_count")),
    )


def _steel_increase(figures: Figures) -> list[Comparison]:
    """Increase of the First Plan as stated and as the difference of two years."""
    return [
        (
            "1928..1932",
            figures.at("steel_increase", "dunayevskaya", "1928..1932", kind="actual"),
            figures.at("steel", "official", 1932) - figures.at("steel", "official", 1928),
        )
    ]


AGREEMENTS: tuple[Declared, ...] = (
    (
        "cattle in the source text, July",
        "source text = July count",
        0.05,
        same(
            ("cattle", "book"),
            ("cattle", "july_count"),
            ["1928-07-01", "1930-07-01", "1933-07-01", "1934-07-01"],
        ),
    ),
    (
        "cattle in the source text, January",
        "source text = 1 January count",
        0.05,
        same(("cattle", "book"), ("cattle", "january_count"), ["1933-01-01", "1938-01-01"]),
    ),
    *(_january_counts(animal) for animal in ("cattle", "cows", "horses", "pigs", "sheep", "goats")),
    *(_census_of_1938(animal) for animal in ("cattle", "horses", "pigs")),
    (
        "livestock output",
        "source text = official index",
        0.001,
        same(("livestock_output", "book"), ("livestock_output", "official")),
    ),
    (
        "harvest: Lewin, 1928 and 1931",
        "Lewin = post-war revision",
        0.15,
        same(("grain_harvest", "lewin"), ("grain_harvest", "postwar_revision"), ["1928", "1931"]),
    ),
    (
        "harvest: source text, 1936",
        "residual of the official average in the source text = post-war revision",
        0.5,
        same(("grain_harvest", "book"), ("grain_harvest", "postwar_revision"), ["1936"]),
    ),
    (
        "harvest: original series",
        "table of Dronin and Bellinger = recalled official series",
        0.15,
        same(
            ("grain_harvest", "dronin_bellinger_original"),
            ("grain_harvest", "official_original"),
            years(1928, 1939),
        ),
    ),
    (
        "harvest: post-war revision",
        "table of Dronin and Bellinger = recalled post-war revision",
        0.15,
        same(
            ("grain_harvest", "dronin_bellinger_revised"),
            ("grain_harvest", "postwar_revision"),
            years(1928, 1940),
        ),
    ),
    (
        "procurement: Moshkov",
        "Moshkov = literature",
        0.1,
        same(("grain_procurement", "moshkov"), ("grain_procurement", "davies_wheatcroft_moshkov")),
    ),
    (
        "procurement: Lewin, 1928-31",
        "Lewin = literature",
        0.1,
        same(
            ("grain_procurement", "lewin"),
            ("grain_procurement", "davies_wheatcroft_moshkov"),
            ["1928/29", "1930/31", "1931/32"],
        ),
    ),
    (
        "collectivised share, 1929-30",
        "source text on 1 June = official figure of 1 June or July",
        0.006,
        pairs(
            ("collectivised_share", "book"),
            ("collectivised_share", "official"),
            [("1929-06-01", "1929-07-01"), ("1930-06-01", "1930-07-01")],
        ),
    ),
    (
        "steel",
        "Correlates of War = official series",
        0.0005,
        same(("steel", "correlates_of_war"), ("steel", "official")),
    ),
    ("steel: increase of the First Plan", "source text = difference of two years", 0.1, _steel_increase),
    (
        "steel, 1937-40",
        "rise in the source text = ratio of two years",
        0.001,
        relative_rise(
            ("steel_relative_increase", "book"), ("steel", "official"), [("1937..1940", "1937", "1940")]
        ),
    ),
    (
        "pig iron, 1937-40",
        "rise in the source text = ratio of two years, within half a point",
        0.005,
        relative_rise(
            ("pig_iron_relative_increase", "book"), ("pig_iron", "official"), [("1937..1940", "1937", "1940")]
        ),
    ),
    (
        "crude oil, 1937-40",
        "rise in the source text = ratio of two years, within half a point",
        0.005,
        relative_rise(
            ("crude_oil_relative_increase", "book"),
            ("crude_oil", "official"),
            [("1937..1940", "1937", "1940")],
        ),
    ),
    (
        "coal, 1934-36",
        "source text = official series",
        1.0,
        same(("coal", "book"), ("coal", "official"), years(1934, 1936)),
    ),
    (
        "coal: growth",
        "growth in the source text = ratio of two years",
        0.002,
        relative_rise(
            ("coal_growth", "book"),
            ("coal", "official"),
            [("1935", "1934", "1935"), ("1936", "1935", "1936")],
        ),
    ),
    (
        "crude oil",
        "energy statistics = official series",
        0.1,
        same(("crude_oil", "etemad_luciana"), ("crude_oil", "official")),
    ),
    (
        "cement",
        "carbon statistics = official series",
        0.13,
        same(("cement", "cdiac"), ("cement", "official"), ["1928", *years(1930, 1938), "1940"]),
    ),
    (
        "Hodgman",
        "source text (1928 = 1) = literature (1927/28 = 1)",
        0.001,
        same(("industrial_output", "hodgman"), ("industrial_output", "hodgman_1927_28_base")),
    ),
    (
        "population by age",
        "men and women added = total on 1 January",
        0.0015,
        lambda figures: [
            (
                day,
                figures.at("population", "age_tables", day, territory="USSR pre-1939"),
                figures.at("population", "andreev_darskii_kharkova", day),
            )
            for day in ("1926-01-01", "1927-01-01", *(f"{year}-01-01" for year in range(1934, 1940)))
        ],
    ),
    (
        "population in the source text",
        "source text = census",
        0.05,
        same(("population", "book"), ("population", "census")),
    ),
    (
        "censuses of 1926 and 1939",
        "tables by age = published total",
        0.001,
        same(("population", "census_tables"), ("population", "census"), ["1926-12-17", "1939-01-17"]),
    ),
    (
        "urban population",
        "source text = census",
        0.03,
        same(("urban_population", "book"), ("urban_population", "census")),
    ),
    (
        "migration to towns",
        "source text = Lorimer",
        0.05,
        same(("net_migration_to_towns", "book"), ("net_migration_to_towns", "lorimer")),
    ),
    (
        "workers and employees, 1928",
        "later handbook = earlier series",
        0.25,
        same(("wage_earners", "official_1970"), ("wage_earners", "official"), ["1928"]),
    ),
    (
        "workers and employees, 1932",
        "source text = official series",
        0.05,
        same(("wage_earners", "central_statistical_bureau"), ("wage_earners", "official"), ["1932"]),
    ),
    (
        "workers and employees, 1940, as first published",
        "first published figure = official series",
        0.05,
        same(("wage_earners", "official_1956"), ("wage_earners", "official"), ["1940"]),
    ),
    (
        "workers and employees in industry, 1928",
        "source text, large-scale industry = all industry",
        0.05,
        same(("large_industry_wage_earners", "book"), ("industrial_wage_earners", "official"), ["1928"]),
    ),
    (
        "currency",
        "source text = literature",
        0.05,
        same(("currency_in_circulation", "book"), ("currency_in_circulation", "archival")),
    ),
    (
        "turnover tax, 1938",
        "budget report = literature",
        0.05,
        same(("turnover_tax", "budget_report_1939"), ("turnover_tax", "plotnikov"), ["1938"]),
    ),
    (
        "budget revenue, 1938",
        "budget report = literature",
        0.05,
        same(("budget_revenue", "budget_report_1939"), ("budget_revenue", "plotnikov"), ["1938"]),
    ),
    (
        "defence outlays, 1933",
        "Harrison and Davies = literature",
        0.0005,
        same(("defence_outlays", "harrison_davies_1997"), ("defence_outlays", "actual_outlays")),
    ),
    (
        "defence outlays, 1935-40",
        "published figure = figure spent",
        0.11,
        same(("defence_outlays", "published"), ("defence_outlays", "actual_outlays"), years(1935, 1940)),
    ),
    (
        "turnover tax, 1933",
        "Narkomfin report, turnover tax + special commodity fund = literature",
        0.07,
        lambda figures: [
            (
                "1933",
                figures.at("turnover_tax", "narkomfin_report", 1933)
                + figures.at("special_commodity_fund", "narkomfin_report", 1933),
                figures.at("turnover_tax", "plotnikov", 1933),
            )
        ],
    ),
    (
        "retail prices",
        "popular text that names no source = Malafeev, rounded",
        0.06,
        same(("retail_price_index", "popular_text"), ("retail_price_index", "malafeev")),
    ),
    (
        "investment by plan",
        "Etmekdzhiyan = encyclopedia, though one begins in October 1928",
        1e-9,
        pairs(
            ("capital_investment", "etmekdzhiyan"),
            ("capital_investment", "great_soviet_encyclopedia"),
            [
                ("1918..1928", "1918-01-01..1928-09-30"),
                ("1929..1932", "1928-10-01..1932-12-31"),
                ("1933..1937", "1933..1937"),
            ],
        ),
    ),
    (
        "exports",
        "League of Nations = foreign trade yearbook",
        0.0001,
        same(("exports", "league_of_nations"), ("exports", "foreign_trade_yearbook")),
    ),
    (
        "imports",
        "League of Nations = foreign trade yearbook",
        0.0001,
        same(("imports", "league_of_nations"), ("imports", "foreign_trade_yearbook")),
    ),
)
