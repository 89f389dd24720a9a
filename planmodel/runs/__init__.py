"""Running: from a scenario and its members to histories, and from these to answers."""
