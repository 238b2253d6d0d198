"""联企: the private-economy workbench of a district government."""

__version__ = "0.1.0"
