"""Posts of managers and engineers: who is replaced, as a rule and in a purge, and who is new to his post."""

from __future__ import annotations

from planmodel.economies.shopfloor import moving_on, settling, share_gone
from planmodel.engine.equations import Block

posts = Block("posts")


@posts.auxiliary
def replaced_as_a_rule(replacement):
    """Share of the posts that change hands in a month of an ordinary year."""
    return share_gone(moving_on(replacement, 1.0, 0.0, 0.0) / 12.0)


@posts.auxiliary(source="C-53, D-15; lines 7156-7269")
def replaced_now(replacement, purged, purge):
    """Share of the posts that change hands this month: as a rule, and by the purge."""
    return share_gone(moving_on(replacement, 1.0, purged * purge, 0.0) / 12.0)


@posts.auxiliary
def new_as_a_rule(replaced_as_a_rule, mastering):
    """Share of the posts whose holder is new in ordinary years: as many come as learn."""
    return replaced_as_a_rule / (replaced_as_a_rule + 1.0 / mastering)


@posts.auxiliary
def new_managers_now(new_managers, new_as_a_rule, mastering, replaced_now, replaced_as_a_rule):
    """Share of the posts whose holder is new; who replaces one that is new adds none.

    Told as what goes beyond ordinary years, in which it is nothing at all.
    """
    came = replaced_now * (1.0 - new_managers) - replaced_as_a_rule * (1.0 - new_as_a_rule)
    return new_as_a_rule + settling(new_managers - new_as_a_rule, mastering, came)


@posts.equation("opening")
def fill_posts(new_as_a_rule, replaced_as_a_rule):
    """Posts on the first day are held as in ordinary years."""
    return dict(
        new_managers=new_as_a_rule,
        manager_tenure=(1.0 - replaced_as_a_rule) / replaced_as_a_rule,
    )


@posts.equation("money", source="C-53, D-15; lines 7156-7269")
def replace_managers(new_managers_now, manager_tenure, replaced_now):
    """Holders of posts go and others come, who learn on the job; how long those who stay have been there."""
    return dict(
        new_managers=new_managers_now,
        manager_tenure=(manager_tenure + 1.0) * (1.0 - replaced_now),
    )
