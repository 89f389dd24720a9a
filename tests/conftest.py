"""No test writes into the cache folder of who runs it; those of the cache name one of their own."""

import os

os.environ["PLANMODEL_CACHE"] = "off"
