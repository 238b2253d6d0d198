"""The demonstration district: its people, firms and appeals, all invented."""
