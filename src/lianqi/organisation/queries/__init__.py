"""What the pages of the organisation room show."""
