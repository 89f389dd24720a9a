"""Experiments: several scenarios over common draws, and the tables and figures of the literature."""
