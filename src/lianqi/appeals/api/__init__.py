"""The appeals room for programs: filing, listing, reading, taking steps."""

from lianqi.appeals.api.routes import router

__all__ = ["router"]
