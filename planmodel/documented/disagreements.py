"""Documented disagreements: places where two sources differ, and why. They are not failures."""

from planmodel.documented.figures import (
    Comparison,
    Declared,
    Figures,
    mean_growth,
    pairs,
    relative_rise,
    rise,
    same,
    years,
)


def _deaths_of_camps(figures: Figures) -> list[Comparison]:
    """Set deaths in camps beside deaths in camps and colonies, where the part exceeds the whole."""
    return [
        (
            year,
            figures.at("camp_deaths", "archival", year),
            figures.at("camp_and_colony_deaths", "archival", year),
        )
        for year in years(1939, 1940)
    ]


def _families(figures: Figures) -> list[Comparison]:
    """Set the first official count of exiled families beside the archival one."""
    return [
        (
            "1930..1931",
            figures.at("deported_peasant_families", "official_estimate", "1929..1931"),
            sum(figures.at("deported_peasant_families", "archival", year) for year in (1930, 1931)),
        )
    ]


def _camps_before_the_archives(figures: Figures) -> list[Comparison]:
    """Set estimates made before the archives opened beside the archival counts."""
    return [
        (
            "1932",
            figures.at("camp_population", "dallin_nicolaevsky", 1932),
            figures.at("camp_inmates", "archival", "1932-01-01"),
        ),
        (
            "1938",
            figures.at("camp_population", "wiles", 1938),
            figures.at("camp_and_colony_inmates", "archival", "1938-01-01"),
        ),
        (
            "1939",
            figures.at("camp_population", "wheatcroft_pre_archive", 1939, kind="estimate_low"),
            figures.at("camp_and_colony_inmates", "archival", "1939-01-01"),
        ),
        (
            "1939",
            figures.at("camp_population", "rosefielde", 1939, kind="estimate_low"),
            figures.at("camp_and_colony_inmates", "archival", "1939-01-01"),
        ),
    ]


def _investment_of_1940(figures: Figures) -> list[Comparison]:
    """Set investment of 1940 relative to 1936 by the official rise, beside the author's ceiling."""
    return [
        (
            "1940",
            figures.at("gross_investment_relative_to_1936", "official", 1937)
            * (1 + figures.at("gross_investment_change_over_period", "official", "1937..1940")),
            figures.at("productive_investment", "bettelheim", "1937..1940"),
        )
    ]


def _real_wage_of_1940(figures: Figures) -> list[Comparison]:
    """Set low value of 1937 less the stated fall, beside the low value printed for 1940."""
    return [
        (
            "1940",
            figures.at("real_wage", "book", 1937, kind="estimate_low")
            * (1 + figures.at("real_wage_change_over_period", "book", "1937..1940")),
            figures.at("real_wage", "book", 1940, kind="estimate_low"),
        )
    ]


def _village_balance(figures: Figures) -> list[Comparison]:
    """Set the printed change of the village balance beside the table."""
    return [
        (
            "1935..1939",
            figures.at("village_grain_balance_change_over_period", "lewin", "1935..1939"),
            figures.at("village_grain_balance", "lewin", "1939/40")
            - figures.at("village_grain_balance", "lewin", "1935/36"),
        )
    ]


DISAGREEMENTS: tuple[Declared, ...] = (
    (
        "harvest: biological yield",
        "official series of the time = post-war revision",
        1.0,
        same(
            ("grain_harvest", "official_original"),
            ("grain_harvest", "postwar_revision"),
            years(1933, 1940),
        ),
        "from 1933 the official figure was the standing crop before losses",
    ),
    (
        "harvest: source text, 1936 against the official figure of the time",
        "source text = official series of the time",
        1.0,
        same(("grain_harvest", "book"), ("grain_harvest", "official_original"), ["1936"]),
        "the source text takes the residual of the post-war average, in a table of lower estimates: soft",
    ),
    (
        "harvest: 1930",
        "Lewin = post-war revision",
        1.0,
        same(("grain_harvest", "lewin"), ("grain_harvest", "postwar_revision"), ["1930"]),
        "Lewin prefers the lower figure 77.1; 83.5 is the usual one",
    ),
    (
        "harvest: Lewin, 1935 and 1939",
        "Lewin = post-war revision",
        1.0,
        same(("grain_harvest", "lewin"), ("grain_harvest", "postwar_revision"), ["1935", "1939"]),
        "Lewin's low series is 8-17 % below the post-war revision",
    ),
    (
        "harvest: Vyltsan",
        "Vyltsan = post-war revision",
        1.0,
        same(("grain_harvest", "vyltsan"), ("grain_harvest", "postwar_revision")),
        "Vyltsan's low series is 8-12 % below the post-war revision",
    ),
    (
        "harvest: 1940 in two tables",
        "table of Dronin and Bellinger = recalled official series",
        0.15,
        same(
            ("grain_harvest", "dronin_bellinger_original"), ("grain_harvest", "official_original"), ["1940"]
        ),
        "95.9 printed, 95.6 recalled; territory not stated",
    ),
    (
        "procurement: Lewin, 1935",
        "Lewin = literature",
        0.5,
        same(("grain_procurement", "lewin"), ("grain_procurement", "davies_wheatcroft_moshkov"), ["1935/36"]),
        "28.3 printed, 29.7 recalled; payments to machine-tractor stations may be counted differently",
    ),
    (
        "village balance: change 1935-39",
        "printed change = difference in the table",
        0.05,
        _village_balance,
        "0.9 printed, the table gives 1.1: a slip of the author or of the scan",
    ),
    (
        "horses, 1928",
        "source text = July count",
        1.0,
        same(("horses", "book"), ("horses", "july_count"), ["1928-07-01"]),
        "38.4 repeats the digits of cattle in 1933: probably a slip; use 33.5",
    ),
    (
        "horses in 1929",
        "fall in the source text = difference of two 1 January counts",
        0.5,
        rise(
            ("horses_change", "moshkov"), ("horses", "january_count"), [("1929", "1929-01-01", "1930-01-01")]
        ),
        "the day of the count is not stated; July counts of 1929 and 1930 differ by 4.4 million",
    ),
    (
        "collectivised share, June 1928",
        "source text = official figure",
        0.002,
        pairs(
            ("collectivised_share", "book"),
            ("collectivised_share", "official"),
            [("1928-06-01", "1928-07-01")],
        ),
        "0.021 printed, 0.017 official; the author calls his shares orders of size",
    ),
    (
        "collectivised share, 1 March 1930",
        "source text = Davies",
        0.01,
        same(("collectivised_share", "book"), ("collectivised_share", "davies"), ["1930-03-01"]),
        "local reports at the peak were inflated, and Davies gives a lower figure",
    ),
    (
        "collectivised share, July 1931",
        "source text = official figure",
        0.01,
        same(("collectivised_share", "book"), ("collectivised_share", "official"), ["1931-07-01"]),
        "0.571 printed, 0.527 official: perhaps different days of June and July",
    ),
    (
        "census of 1937",
        "tables by age = published total",
        0.5,
        same(("population", "census_tables"), ("population", "census"), ["1937-01-06"]),
        "1.9 million people, probably those counted apart by army and police, are missing from the tables",
    ),
    (
        "deaths of 1933-34",
        "Biraben = Andreev, Darskii and Kharkova",
        1.0,
        same(("deaths", "biraben"), ("deaths", "andreev_darskii_kharkova"), ["1933", "1934"]),
        "Biraben wrote before the archives opened and spread the famine over 1933-34",
    ),
    (
        "deaths in camps, 1939-40",
        "deaths in camps = deaths in camps and colonies",
        0.001,
        _deaths_of_camps,
        "the part exceeds the whole: two archival tables conflict",
    ),
    (
        "camps before the archives opened",
        "estimates of 1947-1982 = archival counts",
        0.5,
        _camps_before_the_archives,
        "the estimates had no archival basis and may count settlers and prisons: never join the two",
    ),
    (
        "exiled families",
        "first official count = archival count of 1930 and 1931",
        0.05,
        _families,
        "the official figure is said to cover regions of complete collectivisation only",
    ),
    (
        "workers and employees, 1940, as revised",
        "handbook of 1970 = first published figure",
        0.5,
        same(("wage_earners", "official_1970"), ("wage_earners", "official_1956")),
        "revised upwards by 2.7 million, perhaps in part penal labour",
    ),
    (
        "money wage, 1928-32",
        "rise claimed by Stalin in 1933 = ratio of two average wages",
        0.1,
        relative_rise(
            ("average_money_wage_change_over_period", "stalin_1933"),
            ("average_money_wage", "official"),
            [("1928..1932", "1928", "1932")],
        ),
        "the claim is for large-scale industry, the average for the whole economy",
    ),
    (
        "real wage, 1940",
        "low value of 1937 less 10 % = low value of 1940",
        0.01,
        _real_wage_of_1940,
        "the source text prints 52-57 for 1940, but its own fall from 1937 gives 50-54",
    ),
    (
        "official growth of industry, Third Plan",
        "mean growth stated for 1938-41 = growth of the index 1937-40",
        0.01,
        mean_growth(
            ("industrial_output_growth", "official_average"),
            ("industrial_output_since_1913", "official"),
            [("1938..1941", 1937, 1940)],
        ),
        "the claim includes half of 1941, and the index of the later handbooks grows more slowly",
    ),
    (
        "official and deflated output",
        "official index = Hodgman",
        0.1,
        same(("industrial_output", "official"), ("industrial_output", "hodgman"), ["1932", "1937", "1940"]),
        "prices of 1926/27 overvalue new products; Hodgman covers large-scale industry only",
    ),
    (
        "sugar, 1937-40",
        "fall in the source text = difference of two years",
        0.05,
        lambda figures: [
            (
                "1937..1940",
                figures.at("sugar_increase", "jasny", "1937..1940"),
                figures.at("sugar", "official", 1940) - figures.at("sugar", "official", 1937),
            )
        ],
        "0.319 printed, 0.256 recalled: raw and granulated sugar may be mixed",
    ),
    (
        "cement, 1939",
        "carbon statistics = official series",
        0.13,
        same(("cement", "cdiac"), ("cement", "official"), ["1939"]),
        "the carbon statistics repeat the figure of 1938",
    ),
    (
        "turnover tax, 1932",
        "Narkomfin report = literature",
        0.5,
        lambda figures: [
            (
                "1932",
                figures.at("turnover_tax", "narkomfin_report", 1932, kind="actual"),
                figures.at("turnover_tax", "plotnikov", 1932),
            )
        ],
        "the report covers the single state budget only",
    ),
    (
        "defence outlays, 1933-34",
        "published figure = figure spent",
        0.1,
        same(("defence_outlays", "published"), ("defence_outlays", "actual_outlays"), ["1933", "1934"]),
        "the published figures concealed rearmament",
    ),
    (
        "investment, 1940",
        "1937 relative to 1936 times the official rise = the author's ceiling",
        0.05,
        _investment_of_1940,
        "the official rise of 30 % is an upper bound; the author has investment below 1936 until 1940",
    ),
    (
        "collectivised share, 1 January 1931",
        "source text = Davies",
        0.01,
        same(("collectivised_share", "book"), ("collectivised_share", "davies"), ["1931-01-01"]),
        "0.275 printed, 0.259 by Davies' table 17",
    ),
    (
        "share of group A",
        "Cliff = official series",
        0.0005,
        same(("group_a_share", "cliff"), ("group_a_share", "official"), ["1928", "1932"]),
        "Cliff has 0.328 for 1928, perhaps on another coverage of small industry; 1937 and 1940 agree",
    ),
    (
        "raw cotton, 1932",
        "history of the economy = official series",
        0.02,
        same(("raw_cotton", "history_of_socialist_economy"), ("raw_cotton", "official"), ["1932"]),
        "1.32 printed, 1.27 recalled, which has 1.32 for 1933; 1937 agrees",
    ),
    (
        "workers and employees, rounded",
        "popular history = official series",
        0.1,
        same(("wage_earners", "sovetskii_proryv"), ("wage_earners", "official")),
        "22.0, 26.7 and 31.0 printed, lower by 0.2 to 0.9; its figures for industry agree",
    ),
    (
        "census of 1937, total",
        "encyclopaedia = recalled total",
        0.01,
        same(("population", "encyclopaedia_article"), ("population", "census"), ["1937-01-06"]),
        "162.039 printed, 162.003 recalled: a first and a revised count, perhaps",
    ),
    (
        "census of 1939 as first published",
        "publication of June 1939 = recalled total",
        0.01,
        same(("population", "published_1939"), ("population", "census"), ["1939-01-17"]),
        "170.467 was published in 1939, 170.557 later; both are thought too high",
    ),
    (
        "harvest: Ivnitsky",
        "Ivnitsky = post-war revision",
        1.0,
        same(("grain_harvest", "ivnitsky"), ("grain_harvest", "postwar_revision"), years(1929, 1932)),
        "he prints 76.6, 80.4, 53.8 (a misprint, read as 65.8) and 50.9, other than both official series",
    ),
    (
        "procurement, Ukraine 1932/33",
        "fact page = Mironin",
        0.1,
        lambda figures: [
            (
                "1932/33",
                figures.at("grain_procurement", "augb", "1932/33", territory="Ukraine"),
                figures.at("grain_procurement", "mironin", "1932/33", territory="Ukraine"),
            )
        ],
        "4.2 beside at most 4.0 million tonnes; both from partisan texts",
    ),
    (
        "harvest: Ukraine, 1932",
        "Tauger = official series of the time",
        1.0,
        lambda figures: [
            (
                "1932",
                figures.at("grain_harvest", "tauger", "1932", territory="Ukraine"),
                figures.at("grain_harvest", "official_original", "1932", territory="Ukraine"),
            )
        ],
        "8.5 from annual reports of kolkhozes, 14.6 official",
    ),
    (
        "fixed capital, 1940",
        "Ivanov = official series",
        0.1,
        same(("fixed_capital", "ivanov"), ("fixed_capital", "official"), ["1940"]),
        "about fivefold since 'before the plans', 3.12 since 1928: coverage and base are not stated",
    ),
)
