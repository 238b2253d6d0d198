"""``{% translate %}`` of a plain text, without Django's detour through variables and filters.

A list says hundreds of such words; Django's tag resolves and escapes each as if it were data. Only
the plain form is shortened; with ``noop``, ``context``, a variable or a filter Django's tag runs.
"""

from django import template
from django.template import Context, Node
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

register = template.Library()


class PlainWords(Node):
    """A text that stands in the template itself."""

    child_nodelists = ()

    def __init__(self, text: str, name: str | None) -> None:
        """Take the text as the catalogue knows it, and the variable it is kept in, if any."""
        self.text, self.name = text, name
        self._said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the text in the reader's language; a template's own text needs no escaping."""
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = mark_safe(gettext(self.text))  # nosec B308 B703
        if self.name:
            context[self.name] = said
            return ""
        return said


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """``{% translate "text" %}`` and ``{% translate "text" as name %}``; the rest is Django's."""
    node = do_translate(parser, token)
    if not isinstance(node, TranslateNode):
        return node
    found = node.filter_expression
    text = getattr(found.var, "literal", None)
    if not isinstance(text, str) or found.filters or node.noop or node.message_context:
        return node
    # Percent signs are doubled in catalogues; Django's tag knows how.
    return node if "%" in text else PlainWords(text, node.asvar)
