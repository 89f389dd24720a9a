"""The two kinds of plants and of workers."""

PLANTS = ("level", "wide")  # equal pay takes hold where it is favoured; pay keeps a market spread
SKILLS = ("skilled", "unskilled")
