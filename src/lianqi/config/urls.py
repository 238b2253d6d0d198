"""Addresses: each room brings its own."""

from django.urls import include, path

from lianqi.config.api import addresses as api_addresses
from lianqi.config.navigation import home

handler500 = "lianqi.kernel.views.server_error"
urlpatterns = [
    path("", home, name="home"),
    path("api/v1/", api_addresses),
    path("", include("lianqi.kernel.urls")),
    path("conference/", include("lianqi.conference.urls")),
    path("appeals/", include("lianqi.appeals.urls")),
    path("documents/", include("lianqi.briefings.urls")),
    path("portal/", include("lianqi.appeals.portal_urls")),
    path("public/", include("lianqi.appeals.public_urls")),
    path("ledger/", include("lianqi.ledger.urls")),
    path("enterprises/", include("lianqi.enterprises.urls")),
    path("organisation/", include("lianqi.organisation.urls")),
    path("accounts/", include("lianqi.organisation.sign_in.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
