"""The appeals room for programs: filing, listing, reading, taking steps, the three rates."""

from lianqi.appeals.api.rates import router as rates_router
from lianqi.appeals.api.routes import router

__all__ = ["rates_router", "router"]
