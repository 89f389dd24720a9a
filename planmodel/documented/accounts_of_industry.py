"""Rates, shares and totals of industry, investment, money and plans that must come out."""

from planmodel.documented.figures import Declared, mean_growth, ratio, relative_rise, total

_HODGMAN = ("industrial_output", "hodgman")

INDUSTRY_AND_MONEY: tuple[Declared, ...] = (
    (
        "Hodgman: yearly growth",
        "growth rate = ratio of two levels (the levels of 1934-36 were carried back by these rates)",
        0.001,
        relative_rise(
            ("industrial_output_growth", "hodgman"),
            _HODGMAN,
            [("1935", "1934", "1935"), ("1936", "1935", "1936"), ("1937", "1936", "1937")],
        ),
    ),
    (
        "Hodgman: mean growth",
        "mean growth rate = root of the ratio of two levels",
        0.001,
        mean_growth(
            ("industrial_output_growth", "hodgman"),
            _HODGMAN,
            [("1932..1937", 1932, 1937), ("1937..1940", 1937, 1940)],
        ),
    ),
    (
        "Hodgman: First Plan",
        "rise of output 1928-32 = ratio of two levels",
        0.001,
        relative_rise(
            ("industrial_output_change_over_period", "hodgman"), _HODGMAN, [("1928..1932", "1928", "1932")]
        ),
    ),
    (
        "official growth of industry",
        "mean growth of the First and the Second Plan = root of the ratio of two index values",
        0.002,
        mean_growth(
            ("industrial_output_growth", "official_average"),
            ("industrial_output_since_1913", "official"),
            [("1928..1932", 1928, 1932), ("1933..1937", 1932, 1937)],
        ),
    ),
    (
        "net fixed investment",
        "growth rate = ratio of two index values (Moorsteen and Powell)",
        0.001,
        relative_rise(
            ("net_fixed_investment_growth", "moorsteen_powell"),
            ("net_fixed_investment", "moorsteen_powell"),
            [("1931", "1930", "1931"), ("1932", "1931", "1932"), ("1933", "1932", "1933")],
        ),
    ),
    (
        "investment shares",
        "shares of five branches in investment add up to one",
        0.001,
        total(
            [
                (f"investment_share_{branch}", "official")
                for branch in ("industry", "agriculture", "transport", "housing", "services")
            ],
            1.0,
            ["1928..1941"],
        ),
    ),
    (
        "national product by use",
        "shares of four uses add up to one, all four being rounded",
        0.015,
        total(
            [
                (f"gnp_share_{use}", "bergson")
                for use in ("consumption", "communal_services", "government_and_defence", "gross_investment")
            ],
            1.0,
            ["1928", "1937", "1940"],
        ),
    ),
    (
        "scissors",
        "price ratio = procurement price / industrial price (Karcz)",
        0.001,
        ratio(
            ("procurement_to_industrial_price", "karcz"),
            ("procurement_price", "karcz"),
            ("industrial_goods_price", "karcz"),
            [(year, year, year) for year in ("1931", "1932")],
        ),
    ),
    (
        "currency: growth",
        "stated growth = ratio of two stocks, rounded",
        0.01,
        relative_rise(
            ("currency_change_over_period", "book"),
            ("currency_in_circulation", "book"),
            [
                ("1931-07-01..1933-01-01", "1931-07-01", "1933-01-01"),
                ("1933-01-01..1937-01-01", "1933-01-01", "1937-01-01"),
            ],
        ),
    ),
    (
        "money wage of 1933",
        "growth stated in the source text = ratio of two average wages",
        0.001,
        relative_rise(
            ("average_money_wage_growth", "book"),
            ("average_money_wage", "official"),
            [("1933", "1932", "1933")],
        ),
    ),
    (
        "turnover tax in the budget, 1937",
        "stated share, a round three quarters = turnover tax / revenue",
        0.06,
        ratio(
            ("turnover_tax_share_of_budget", "book"),
            ("turnover_tax", "plotnikov"),
            ("budget_revenue", "plotnikov"),
            [("1937", "1937", "1937")],
        ),
    ),
    (
        "First Plan: coal",
        "fulfilment of the First Plan = output of 1932 / target",
        0.006,
        ratio(
            ("plan_fulfilment_coal", "first_plan"),
            ("coal", "official"),
            ("coal", "first_plan_1929"),
            [("1932", "1932", "1932-10-01..1933-09-30")],
        ),
    ),
    (
        "First Plan: pig iron",
        "fulfilment of the First Plan = output of 1932 / target",
        0.006,
        ratio(
            ("plan_fulfilment_pig_iron", "first_plan"),
            ("pig_iron", "official"),
            ("pig_iron", "first_plan_1929"),
            [("1932", "1932", "1932-10-01..1933-09-30")],
        ),
    ),
    (
        "First Plan: steel",
        "fulfilment = output of 1932 / (output of 1928 + planned increase)",
        0.006,
        lambda figures: [
            (
                "1932",
                figures.at("plan_fulfilment_steel", "first_plan", 1932),
                figures.at("steel", "official", 1932)
                / (
                    figures.at("steel", "official", 1928)
                    + figures.at("steel_increase", "dunayevskaya", "1928..1932", kind="plan")
                ),
            )
        ],
    ),
    (
        "coal of 1936",
        "fulfilment of the yearly plan = output / target, both of the source text",
        0.005,
        ratio(
            ("plan_fulfilment_coal", "annual_plan_1936"),
            ("coal", "book"),
            ("coal", "annual_plan_1936"),
            [("1936", "1936", "1936")],
        ),
    ),
    (
        "investment of the NKVD",
        "stated share, more than 18 percent = investment of the NKVD / programme of 1941",
        0.002,
        ratio(
            ("nkvd_investment_share", "plan_1941"),
            ("nkvd_investment", "plan_1941"),
            ("investment_programme", "plan_1941"),
            [("1941", "1941", "1941")],
        ),
    ),
)
