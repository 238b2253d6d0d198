"""Region, units, bodies, dated appointments, users, roster changes."""
