"""Addresses of the entrepreneurs' pages."""

app_name = "portal"
urlpatterns: list = []
