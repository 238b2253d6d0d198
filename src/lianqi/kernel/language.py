"""The language in which records are kept, whatever language the reader has chosen."""

from django.utils import translation

RECORD_LANGUAGE = "zh-hans"


def in_record_language() -> translation.override:
    """Return a context in which labels read as the records are kept: in Chinese, whoever acts."""
    return translation.override(RECORD_LANGUAGE)
