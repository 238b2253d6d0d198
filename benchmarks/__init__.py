"""Runnable measurements: a bulk loader, the pages under load, and the table they write."""
