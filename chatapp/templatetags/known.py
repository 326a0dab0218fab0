"""Django's tags `include` and `url`, which remember what they find by a constant name."""

from typing import Any
from uuid import UUID

from django import template
from django.template import defaulttags, loader_tags
from django.template.base import FilterExpression, Node, Parser, Template, Token, Variable
from django.urls import NoReverseMatch

from chatapp.known_urls import url_of

register = template.Library()


def constant(expression: Any) -> str | None:
    """The text of an expression such as "chat/message.html"; None if it isn't constant."""
    is_plain = isinstance(expression, FilterExpression) and not expression.filters
    text = expression.var if is_plain else None
    if isinstance(text, Variable):
        text = text.literal
    return str(text) if isinstance(text, str) else None


@register.tag("include")
def do_include(parser: Parser, token: Token) -> Node:
    node: Any = loader_tags.do_include(parser, token)
    name = constant(node.template)
    if name is not None and not name.startswith("."):
        node.template = KnownTemplate(name)
    return node  # type: ignore[no-any-return]


class KnownTemplate:
    """Stands for the expression of a template's name. Loaded late, since templates may be circular."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: Template | None = None

    def resolve(self, context: Any) -> Template:
        if self.found is None:
            self.found = context.template.engine.get_template(self.name)
        return self.found


@register.tag("url")
def do_url(parser: Parser, token: Token) -> Node:
    node: Any = defaulttags.url(parser, token)
    name = constant(node.view_name)
    if name is None or ":" in name or node.kwargs or len(node.args) > 1:
        return node  # type: ignore[no-any-return]
    return KnownURL(node, name)


class KnownURL(Node):
    """URL of a constant name, alone or with one id."""

    child_nodelists = ()

    def __init__(self, node: Any, name: str) -> None:
        self.node, self.name = node, name

    def render(self, context: Any) -> str:
        args = [arg.resolve(context) for arg in self.node.args]
        if args and not isinstance(args[0], UUID):
            return str(self.node.render(context))
        try:
            url = url_of(self.name, *args)
        except NoReverseMatch:  # an error, or empty with `as`
            return str(self.node.render(context))
        if not self.node.asvar:
            return url
        context[self.node.asvar] = url
        return ""
