"""Flows between sectors: collectivisation, procurement, markets, migration."""
