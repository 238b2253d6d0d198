"""Signing in: how allauth behaves here, the rules of a session, and what the journal keeps."""

from lianqi.organisation.sign_in.adapters import AccountAdapter, MFAAdapter

__all__ = ["AccountAdapter", "MFAAdapter"]
