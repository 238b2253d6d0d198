"""Which units of a plan can be given work: those in use, with people in the system."""

from lianqi.organisation.models import Unit


def units_with_accounts() -> dict[str, Unit]:
    """Return the units that work can be put on, by name."""
    return {unit.name: unit for unit in Unit.objects.filter(active=True, on_platform=True)}
