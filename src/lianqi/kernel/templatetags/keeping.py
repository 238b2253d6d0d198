"""``{% kept key %}…{% endkept %}``: markup that is the same each time, kept in memory by each process."""

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.template.exceptions import TemplateSyntaxError
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 64  # of one place in a template


class KeptMarkup(Node):
    """A part of a page that its key and the reader's language decide alone."""

    def __init__(self, key: FilterExpression, nodelist: NodeList) -> None:
        """Take what tells the kept versions apart, and the markup inside."""
        self.key, self.nodelist = key, nodelist
        self._kept: dict[tuple[str | None, object], str] = {}

    def render(self, context: Context) -> str:
        """Return the markup, rendered once for each key; always anew where the key is None."""
        key = self.key.resolve(context)
        if key is None:
            return self.nodelist.render(context)
        place = (get_language(), key)
        said = self._kept.get(place)
        if said is None:
            said = self.nodelist.render(context)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[place] = said
        return said


@register.tag
def kept(parser: Parser, token: Token) -> KeptMarkup:
    """Keep the markup inside by ``key``: everything it depends on besides the language.

    Never for what a person typed, and never around a form that carries a token.
    """
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError("kept needs exactly one key")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptMarkup(parser.compile_filter(words[1]), nodelist)
