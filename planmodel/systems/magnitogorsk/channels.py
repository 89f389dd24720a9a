"""How people came, and how long they have been there."""

FREE = ("mobilised", "recruited", "samotek", "foreign")  # channels of those who could leave: E-016, line 6
TENURE = ("new", "settled")
