"""How much of the space of sizes around a scenario still brings the facts forth."""
