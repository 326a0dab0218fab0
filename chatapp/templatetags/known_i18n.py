"""Django's tags of `i18n`, where `{% translate "A text" %}` looks each text up once per language."""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


@register.tag("translate")
@register.tag("trans")
def do_translate(parser: Parser, token: Token) -> Node:
    node: Any = i18n.do_translate(parser, token)
    expression = node.filter_expression
    is_text = isinstance(expression.var, Variable) and expression.var.literal is not None
    is_plain = is_text and not (expression.filters or node.noop or node.message_context)
    return KnownText(node) if is_plain else node


class KnownText(Node):
    """A text without variables; the translations of a process never change."""

    child_nodelists = ()

    def __init__(self, node: Any) -> None:
        self.asvar, node.asvar = node.asvar, None
        self.node, self.texts = node, dict[str | None, str]()

    def render(self, context: Any) -> str:
        language = get_language()
        if language not in self.texts:
            self.texts[language] = self.node.render(context)
        if not self.asvar:
            return self.texts[language]
        context[self.asvar] = self.texts[language]
        return ""
