"""The Soviet Union, 1928-1940: chapters of equations and their tables."""
