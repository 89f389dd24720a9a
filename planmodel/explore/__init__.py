"""The explorer: a page on this machine that moves a scenario and shows at once what comes of it."""
