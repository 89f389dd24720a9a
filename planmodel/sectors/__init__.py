"""Sectors: what they hold and how they produce and consume. A sector never imports a flow or a policy."""
