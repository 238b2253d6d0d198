"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by offices or by a firm's registration, never by allauth's sign-up."""

    def is_open_for_signup(self, request):
        """Close allauth's own sign-up."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Second factor."""
