"""Wiring only: settings, urls, wsgi. No rule of the business lives here."""
