"""Labour: jobs follow plans and sites, people are hired from the towns' reserve, and what a worker can do."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.economies.shopfloor import (
    diluted,
    fading,
    learnt,
    missed,
    moving_on,
    practised,
    settling,
    share_below,
    short_of,
    time_kept,
)
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

labour = Block("labour")
workforce = Block("workforce")


# ---- jobs --------------------------------------------------------------------------------------------------


@labour.auxiliary(source="B-50")
def heavy_works(
    works_capital_metal_and_fuel, works_capital_engineering, works_new_metal_and_fuel,
    works_unfinished_metal_and_fuel, works_new_engineering, works_unfinished_engineering, unfinished_hands,
):  # fmt: skip
    """Capital of heavy industry, and works under way by the hands that they call for, billion roubles."""
    capital = works_capital_metal_and_fuel + works_capital_engineering
    under_way = works_new_metal_and_fuel + works_unfinished_metal_and_fuel
    under_way = under_way + works_new_engineering + works_unfinished_engineering
    return capital + unfinished_hands * under_way


@labour.equation("opening")
def note_the_start(people_workers, heavy_works, works_capital_consumer_goods):
    """Workers, capital and works on the first day, with which later ones are compared."""
    return dict(
        workers_at_start=people_workers,
        heavy_works_at_start=heavy_works,
        consumer_capital_at_start=works_capital_consumer_goods,
    )


@labour.auxiliary
def works_renewed(heavy_works, heavy_works_at_start):
    """Share of capital and works of heavy industry that is new since the first day."""
    return 1.0 - np.minimum(heavy_works_at_start / np.maximum(heavy_works, 1e-9), 1.0)


@labour.auxiliary
def hands_kept(labour_saving, years_run, works_renewed):
    """Jobs over those of the first day for given capital and works, as new machines replace hands."""
    return np.exp(-labour_saving * years_run * works_renewed)


@labour.auxiliary(source="B-45, B-50")
def heavy_jobs(
    heavy_industry_workers_at_start, heavy_works, heavy_works_at_start, industry_hands, hands_kept
):
    """Jobs in heavy industry, by its capacity and its works under way."""
    works = heavy_works / heavy_works_at_start
    return heavy_industry_workers_at_start * works**industry_hands * hands_kept


@labour.auxiliary(source="B-50, D-81")
def consumer_jobs(
    consumer_goods_workers_at_start, capacity_consumer_goods, consumer_capital_at_start, consumer_hands,
    heavy_jobs, heavy_industry_workers_at_start, consumer_drift, hands_kept,
):  # fmt: skip
    """Jobs in consumer goods, by capacity and drawn along by heavy industry."""
    capacity = (capacity_consumer_goods / consumer_capital_at_start) ** consumer_hands
    drift = (heavy_jobs / heavy_industry_workers_at_start) ** consumer_drift
    return consumer_goods_workers_at_start * capacity * drift * hands_kept


@labour.equation("distribution", source="B-45, B-46, B-50")
def offer_jobs(
    heavy_jobs, consumer_jobs, construction_wanted, let_through, builder_norm, seasonal_hands, works_hands,
    heavy_industry_workers_at_start, consumer_goods_workers_at_start, construction_workers_at_start,
    other_employees_at_start, other_hands, most_jobs,
):  # fmt: skip
    """Jobs follow plants and sites, builders the work that sites want, and all others follow these.

    Those who come for the season, and inmates at named works, leave fewer jobs for builders who stay.
    """
    others = seasonal_hands + works_hands
    builders = np.maximum(construction_wanted * let_through * builder_norm - others, 0.0)
    producing = heavy_jobs + consumer_jobs + builders
    producing_at_start = (
        heavy_industry_workers_at_start + consumer_goods_workers_at_start + construction_workers_at_start
    )
    other = other_employees_at_start * (producing / producing_at_start) ** other_hands
    return dict(
        jobs_heavy_industry_workers=np.minimum(heavy_jobs, most_jobs),
        jobs_consumer_goods_workers=np.minimum(consumer_jobs, most_jobs),
        jobs_construction_workers=np.minimum(builders, most_jobs),
        jobs_other_employees=np.minimum(other, most_jobs),
    )


# ---- hiring and leaving ------------------------------------------------------------------------------------


@labour.auxiliary
def town_food_wanting(town_nutrition):
    """Food wanting per townsperson, over that of 1928."""
    return short_of(town_nutrition, 1.0)


@labour.auxiliary
def job_gap(jobs_workers, people_workers):
    """Jobs less workers, below nothing where there are too many, million persons."""
    return jobs_workers - people_workers


@labour.auxiliary(source="B-47")
def posts_left(people_workers, turnover_1928):
    """Posts that leavers would leave empty this month, million persons."""
    return people_workers * turnover_1928 / 12.0


@labour.auxiliary(source="D-71; sketch of accumulation, builders")
def driven_off(people_workers, hunger_quits, fed, hunger_quit_part_workers):
    """Workers whom hunger drives off this month: builders only, million persons."""
    return people_workers * hunger_quits * (1.0 - fed) / 12.0 * hunger_quit_part_workers


@labour.auxiliary(without="food_productivity")
def driven_off():
    """Hunger drives nobody off."""
    return 0.0


@labour.equation("labour", source="B-47, D-71")
def lose_workers(people_workers, posts_left, job_gap, hiring_time, driven_off, most_who_leave):
    """Workers leave for want of food and housing, for want of jobs, and builders from hunger."""
    left = posts_left + np.maximum(-job_gap, 0.0) / hiring_time
    left = left + driven_off
    return dict(left_workers=np.minimum(left, most_who_leave * people_workers))


@labour.auxiliary
def hands_wanted(people_workers, posts_left, job_gap, hiring_time, surplus_filled):
    """Hands whom plants and sites seek this month; empty posts are filled where jobs are not falling."""
    filled = posts_left * (job_gap > -surplus_filled * people_workers)
    return np.maximum(job_gap, 0.0) / hiring_time + filled


@labour.auxiliary(source="D-77")
def hands_free(people_town_dependents, town_population, idle_share, town_soldiers, soldiers):
    """Townspeople who can be hired: without children, the old and those at home, and men under arms."""
    away = town_soldiers * soldiers
    return np.maximum(people_town_dependents - idle_share * town_population - away, 0.0)


@labour.equation("labour", source="B-24, B-45")
def hire(hands_wanted, hands_free):
    """Those who can be hired are shared by what is wanted; the rest is a call on the village."""
    called = total(hands_wanted, "workers")
    return dict(
        hired_workers=hands_wanted * np.minimum(hands_free / np.maximum(called, 1e-12), 1.0),
        vacancies=np.maximum(called - hands_free, 0.0),
    )


@labour.auxiliary(source="B-47")
def life_wanting(town_food_wanting, housing_per_head, skill, housing_per_head_1928):
    """Food, housing and skill wanting together: what workers leave and stay away for."""
    crowded = short_of(housing_per_head, housing_per_head_1928)
    return town_food_wanting + crowded + np.maximum(1.0 - skill, 0.0)


@labour.equation("labour", source="B-47, B-49, B-54, B-67, C-1")
def change_jobs(
    life_wanting, green_hands, labour_discipline, turnover_base, turnover_causes, unsettled, discipline_effect
):  # fmt: skip
    """Turnover rises as food, housing and skill are wanting and with newcomers, and falls with penalties."""
    causes = turnover_causes * life_wanting + unsettled * green_hands
    held = discipline_effect * labour_discipline
    return dict(labour_turnover=moving_on(turnover_base, 1.0, causes, held))


@labour.equation("labour", source="B-47, C-1; lines 5258-5293")
def stay_away(life_wanting, labour_discipline, absence_base, absence_causes, deterrence):
    """Workers stay away as food, housing and skill are wanting, the less, the more a day away costs them."""
    days = missed(absence_base, life_wanting, absence_causes, labour_discipline, deterrence)
    return dict(days_absent=days)


@labour.auxiliary(source="C-1; lines 5291-5293")
def at_work(days_absent, absence_base, working_days):
    """Days at work over those of 1928, when workers stayed away as well."""
    return (working_days - days_absent) / (working_days - absence_base)


@labour.equation("labour")
def count_wage_earners(people_workers, people_state_farm_workers, state_farm_wage_earners):
    """Wage earners are workers and employees, and those of state farms without their families."""
    workers = total(people_workers, "workers")
    return dict(wage_earners=workers + state_farm_wage_earners * people_state_farm_workers)


# ---- what a worker can do ----------------------------------------------------------------------------------


@workforce.auxiliary
def fresh_hands(
    moved_hired_heavy_industry_workers, moved_hired_consumer_goods_workers,
    moved_left_heavy_industry_workers, moved_left_consumer_goods_workers, people_heavy_industry_workers,
    people_consumer_goods_workers,
):  # fmt: skip
    """Workers of industry hired this month beyond those who left, over all of them."""
    hired = moved_hired_heavy_industry_workers + moved_hired_consumer_goods_workers
    left = moved_left_heavy_industry_workers + moved_left_consumer_goods_workers
    workers = people_heavy_industry_workers + people_consumer_goods_workers
    return np.maximum(hired - left, 0.0) / np.maximum(workers, 1e-6)


@workforce.auxiliary(source="C-22, C-36, B-47")
def skill_diluted(fresh_hands, labour_turnover, lost_skill, skill, newcomer_skill, most_fresh):
    """Skill that newcomers cost this month; those who only change jobs bring most of theirs along."""
    share = np.minimum(fresh_hands + lost_skill * labour_turnover / 12.0, most_fresh)
    return diluted(share, skill, newcomer_skill)


@workforce.auxiliary(without="skill_dilution")
def skill_diluted():
    """Newcomers lack no skill."""
    return 0.0


@workforce.auxiliary(source="C-36")
def skill_now(skill, skill_ceiling, learning, skill_diluted):
    """Skill after what was learnt this month, and what newcomers cost."""
    return skill + learnt(skill_ceiling - skill, 12.0 * learning) - skill_diluted


@workforce.auxiliary(source="B-47, C-36; sketch of accumulation, form 3")
def builders_diluted(
    moved_hired_construction_workers, moved_left_construction_workers, people_construction_workers,
    labour_turnover, lost_skill, builder_skill, newcomer_skill, most_fresh,
):  # fmt: skip
    """Skill that newcomers from the village cost the builders this month: those of 1928 were few."""
    fresh = np.maximum(moved_hired_construction_workers - moved_left_construction_workers, 0.0)
    share = fresh / np.maximum(people_construction_workers, 1e-6) + lost_skill * labour_turnover / 12.0
    return diluted(np.minimum(share, most_fresh), builder_skill, newcomer_skill)


@workforce.auxiliary(without="skill_dilution")
def builders_diluted():
    """Newcomers lack no skill."""
    return 0.0


@workforce.auxiliary(source="C-19")
def revisions_in_force(norm_revision):
    """General revisions of norms so far."""
    return norm_revision


@workforce.auxiliary(without="norm_ratchet")
def revisions_in_force():
    """Norms are not raised by decree."""
    return 0.0


@workforce.auxiliary(source="C-19, C-48, D-80")
def intensity_now(intensity, revisions_in_force, revisions_before, norm_gain, norm_fade):
    """Work per hour after this month's revisions of norms, whose gain is lost to fatigue and wear.

    Norms that are lowered take back the same part of what is left of their gain. To take away the gain of
    each would take more than they still give, for it has been fading, and could leave less work than there
    was without any norms.
    """
    raised = intensity + norm_gain * (revisions_in_force - revisions_before)
    still = revisions_in_force / np.maximum(revisions_before, 1e-9)
    lowered = np.minimum(intensity, 1.0) + np.maximum(intensity - 1.0, 0.0) * still
    revised = np.where(revisions_in_force < revisions_before, lowered, raised)
    return fading(revised, norm_fade)


@workforce.auxiliary(source="sketch of accumulation, forms 1 and 3; D-72")
def fed(town_nutrition, enough_town_food, least_food_for_work):
    """What townspeople eat over what is enough to work: hunger tells below, plenty does not above."""
    return within(town_nutrition / enough_town_food, least_food_for_work, 1.0)


@workforce.auxiliary(source="D-72")
def fed_in_industry(food_of_industry, enough_town_food, least_food_for_work):
    """What workers of industry eat over what is enough to work, by their places on the lists of supply."""
    return within(food_of_industry / enough_town_food, least_food_for_work, 1.0)


@workforce.auxiliary(source="D-72")
def fed_work(fed_in_industry, food_effect):
    """Work of industry by what its workers eat."""
    return fed_in_industry**food_effect


@workforce.auxiliary(without="food_productivity")
def fed_work():
    """Hunger costs no work."""
    return 1.0


@workforce.equation("money", source="B-47; lines 4424-4434")
def settle(green_hands, fresh_hands, settling_time):
    """Newcomers, who were uprooted and are badly housed, settle in about a year."""
    return dict(green_hands=np.minimum(settling(green_hands, settling_time, fresh_hands), 1.0))


@workforce.equation("money", source="C-36, B-47")
def learn(skill_now):
    """Skill is diluted by newcomers and rebuilt by learning."""
    return dict(skill=skill_now)


@workforce.equation("money", source="B-47, C-36; sketch of accumulation, form 3")
def train_builders(builder_skill, builder_learning, builders_diluted):
    """Skill of builders is diluted by newcomers and rebuilt by learning."""
    gained = learnt(1.0 - builder_skill, 12.0 * builder_learning)
    return dict(builder_skill=builder_skill + gained - builders_diluted)


@workforce.equation("money", source="C-19, C-48, D-80")
def revise_norms(intensity_now, revisions_in_force):
    """Norms go up by decree, and work per hour with them, for a time."""
    return dict(intensity=intensity_now, revisions_before=revisions_in_force)


@workforce.equation("money", source="C-53, D-15")
def purge_managers(new_managers_now, new_as_a_rule, purge_loss):
    """Plants lose by managers and engineers who are new to their posts."""
    return dict(competence=practised(new_managers_now, new_as_a_rule, purge_loss))


@workforce.equation("money", source="D-72")
def lose_work_to_hunger(fed_work):
    """Work that is lost because food is wanting."""
    return dict(hunger_loss=np.maximum(1.0 - fed_work, 0.0))


@workforce.auxiliary(source="C-30, D-72, D-79")
def work_an_hour(skill_now, intensity_now, fed_work, town_consumption, incentive, least_bought, most_bought):
    """Work of an hour: skill, intensity, food, and what wages buy.

    What wages buy moves work besides food, within what a year of plenty or of want could do.
    """
    bought = within(town_consumption, least_bought, most_bought) ** incentive
    return skill_now * intensity_now * fed_work * bought


@workforce.equation("money", source="C-30, D-72, D-79, B-47, C-1")
def work(work_an_hour, lost_time, labour_turnover, most_time_lost, at_work, hours):
    """Work of a head: what an hour gives, time not lost between jobs, days not missed, and hours."""
    kept = time_kept(lost_time, labour_turnover, most_time_lost)
    return dict(work_per_head=work_an_hour * kept * at_work * hours)


@workforce.equation("money", source="C-19, C-21; lines 6203-6208")
def count_below_norm(work_an_hour, revisions_in_force, revision_step, norm_ease, norm_spread):
    """Norms in force, and who does less: norms are raised by decree, and work follows as far as it can."""
    norms = (1.0 + revision_step) ** revisions_in_force
    return dict(output_norms=norms, below_norm=share_below(norm_ease * work_an_hour, norms, norm_spread))
