"""The sign-in addresses this system has; allauth's others (sign-up, mail, social) do not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from django.urls import include, path

from lianqi.organisation.sign_in.views import (
    BindAuthenticator,
    ChangePassword,
    CodeAgain,
    PasswordAgain,
    SecondFactor,
    SignIn,
)
from lianqi.organisation.views.own_account import password_reset_help

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", PasswordAgain.as_view(), name="account_reauthenticate"),
    path("password/change/", ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", password_reset_help, name="account_reset_password"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", SecondFactor.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", BindAuthenticator.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
