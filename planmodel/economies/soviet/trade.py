"""Foreign trade: grain, timber and gold at the prices of the depression buy machines (A-31, D-27, D-73)."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

trade = Block("trade")


# ---- what is sold abroad -----------------------------------------------------------------------------------


@trade.auxiliary(source="D-27")
def unfree_planned(camp_economy):
    """How far the unfree are planned as labour for export."""
    return camp_economy


@trade.auxiliary(without="camp_labour")
def unfree_planned():
    """The labour of the unfree is not planned."""
    return 0.0


@trade.equation("consumption", source="A-31, D-3, D-27")
def sell(
    moved_grain_export, grain_price_abroad, timber_free, timber_unfree, people_camp_inmates, works_inmates,
    people_special_settlers, unfree_planned, timber_price_abroad, other_exports, thousand,
):  # fmt: skip
    """Grain, timber and other goods are sold; settlers and inmates cut timber as far as it is so planned."""
    unfree = people_camp_inmates - works_inmates + people_special_settlers
    timber = (timber_free + timber_unfree * unfree * unfree_planned) / 12.0
    return dict(
        exports_grain=moved_grain_export * grain_price_abroad / thousand,
        exports_timber=timber * timber_price_abroad,
        exports_other=other_exports / 12.0,
    )


@trade.auxiliary
def fields_opened(camp_gold_fields, lever_camp_gold, gold_opening):
    """Gold fields of the camps that have been opened by the end of the month."""
    return camp_gold_fields + lever_camp_gold * (1.0 - camp_gold_fields) / gold_opening


@trade.equation("consumption", source="D-27")
def sell_gold(
    gold_output, gold_unfree, people_camp_inmates, unfree_planned, fields_opened, gold_sold, gold_in_roubles
):
    """A share of the gold mined is sold abroad; inmates mine it as fields are opened."""
    gold = gold_output + gold_unfree * people_camp_inmates * unfree_planned * fields_opened
    return dict(
        gold_sales=gold / 12.0 * gold_sold * (1.0 / gold_in_roubles),
        camp_gold_fields=fields_opened,
    )


@trade.auxiliary(source="Osokina, recalled")
def valuables_of_month(valuables_given, valuables_taken):
    """Gold, silver and foreign money handed in to the shops of Torgsin this month, at gold value."""
    return valuables_given * valuables_taken / 12.0


@trade.equation("consumption", source="Osokina, recalled")
def take_valuables(valuables_of_month):
    """What people hand in for food is foreign exchange of the state."""
    return dict(valuables_sold=valuables_of_month)


# ---- what is borrowed, and what is bought ------------------------------------------------------------------


@trade.equation("consumption")
def borrow(
    foreign_debt, foreign_credit_line, foreign_exchange_reserve, credit_time, repayment, interest,
    most_debt_service, valuables_of_month, valuables_to_creditors,
):  # fmt: skip
    """Credit is taken up towards the lenders' line; debt is served from what is in hand.

    A part of the valuables that people hand in goes to creditors beside what is repaid as a rule.
    """
    drawn = np.maximum(foreign_credit_line - foreign_debt, 0.0) / (12.0 * credit_time)
    bearable = most_debt_service * foreign_exchange_reserve
    due = foreign_debt * repayment / 12.0 + valuables_of_month * valuables_to_creditors
    repaid = np.minimum(np.minimum(due, foreign_debt), bearable)
    return dict(
        foreign_loans=drawn,
        foreign_repayment=repaid,
        foreign_interest=np.minimum(foreign_debt * interest / 12.0, bearable),
        foreign_debt=np.maximum(foreign_debt + drawn - repaid, 0.0),
    )


@trade.auxiliary
def earned_in_1928(other_exports, timber_free, timber_price_abroad, gold_output, gold_sold, gold_in_roubles):
    """Foreign exchange that a year brings as things stand on the first day, when no grain is sold abroad."""
    gold = gold_output * gold_sold / gold_in_roubles
    return other_exports + timber_free * timber_price_abroad + gold


@trade.auxiliary
def machines_in_1928(earned_in_1928, import_price_index, machine_share, import_price):
    """Machines that a year's exchange buys as things stand on the first day, billion roubles."""
    return earned_in_1928 / import_price_index * machine_share * import_price


@trade.auxiliary
def metal_bought_in_1928(earned_in_1928, import_price_index, metal_share, metal_price, thousand):
    """Metal that a year's exchange buys as things stand on the first day, million tonnes."""
    return earned_in_1928 / import_price_index * metal_share * thousand / metal_price


@trade.equation("production", source="A-31, D-73")
def buy(
    foreign_exchange_reserve, import_pace, import_price_index, machine_share, import_price, metal_share,
    metal_price, thousand,
):  # fmt: skip
    """A part of what is in hand is spent; shares of it buy machines and metal at the prices of the day."""
    spent = np.maximum(foreign_exchange_reserve, 0.0) * import_pace
    worth = spent / import_price_index
    return dict(
        imports=spent,
        imports_producer_goods=worth * machine_share * import_price,
        imports_metal=worth * metal_share * thousand / metal_price,
    )
