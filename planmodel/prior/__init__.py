"""The prior before any fit: what it says of the record, of the facts, and how often it leaves history."""
