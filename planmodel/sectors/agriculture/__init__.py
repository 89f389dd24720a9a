"""Agriculture: individual farms, kolkhozes and state farms, household plots, animals and draught power."""
