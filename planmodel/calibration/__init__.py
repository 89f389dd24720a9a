"""Calibration: targets from the record, search, posterior, identifiability, validation, reality checks."""
