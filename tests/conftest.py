"""What all tests share: a cache of compiled code of their own, and the engines that histories run on.

No test writes into the cache folder of who runs it; those of the cache name one of their own.
"""

import os
from pathlib import Path

import pytest

# In the checkout, where pytest keeps what is its own: processes that tests start need not compile again.
os.environ["PLANMODEL_CACHE"] = str(Path(__file__).parents[1] / ".pytest_cache" / "planmodel")


@pytest.fixture(params=["compiled", "numpy"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn: for whatever is run in the test, in processes that it starts too."""
    named: str = request.param
    monkeypatch.setenv("PLANMODEL_ENGINE", named)
    return named
