"""Sector 1 makes machines for both sectors, sector 2 what is consumed; nothing is ever short."""

from planmodel.engine.equations import Block

machines = Block("machines")
consumption = Block("consumption")


@machines.equation("production", source="Feldman 1928")
def invest(capital_sector_1, capital_output, kept):
    """A share of the machines made stays in sector 1."""
    made = capital_sector_1 / capital_output / 12.0
    return dict(invested_1=made * kept, invested_2=made * (1.0 - kept))


@machines.equation("production")
def wear_out(capital_sector_number, wear):
    """Machines wear out."""
    return dict(worn_number=capital_sector_number * wear / 12.0)


@consumption.equation("production")
def consume(capital_sector_2, capital_output):
    """What sector 2 makes is consumed."""
    return dict(consumption=capital_sector_2 / capital_output / 12.0)
