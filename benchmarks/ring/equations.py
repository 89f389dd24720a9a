"""Twenty stocks in a ring: each passes a share of what it has to the next."""

from planmodel.engine.equations import Block

ring = Block("ring")


@ring.equation("passing")
def hand_on(goods_place_place, rate_place):
    """Each place passes on a share of what it has."""
    return dict(passed_place=goods_place_place * rate_place)
