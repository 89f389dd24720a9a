"""Sensitivity: what a result hangs on, which mechanism did it, and where an outcome is found."""
