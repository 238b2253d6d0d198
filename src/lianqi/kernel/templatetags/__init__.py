"""Template tags of the kernel; the library `ui` holds every page component."""
