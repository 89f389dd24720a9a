"""Accounts of a nation: what an economy made, what for, and whose income it was, at several prices.

An economy that has them declares them in ``accounts.csv`` (how the flows of its ledger are classed) and
``accounts.py`` (prices, and what no flow of the ledger says). They are reckoned after a run.
"""
