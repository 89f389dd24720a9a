"""Equations and books compiled for this machine, with llvmlite: the same bits as under NumPy."""
