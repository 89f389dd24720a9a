"""The 25,000 workers sent to the village."""
