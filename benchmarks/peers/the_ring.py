"""The ring that all tools run: twenty stocks, each passes a share of itself to the next, in 156 steps.

The economy of ``benchmarks/ring`` has the same numbers. All tools must end at the same amount.
"""

STOCKS, STEPS = 20, 156
START = [100.0 + 5.0 * i for i in range(STOCKS)]
RATE = [0.02 + 0.002 * i for i in range(STOCKS)]
