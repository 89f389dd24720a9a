"""The economies: each a folder of equations (modules) and tables of the same names."""
