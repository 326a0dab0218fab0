"""Well-formed HTML as a tree, changed as a browser's script changes its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input"}


@dataclass
class Node:
    """`children`: elements and texts, no two texts side by side."""

    name: str = ""
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    children: list[Node | str] = field(default_factory=list)

    @property
    def last_element(self) -> Node:
        return [child for child in self.children if isinstance(child, Node)][-1]

    def add_text(self, text: str) -> None:
        if self.children and isinstance(self.children[-1], str):
            self.children[-1] += text
        else:
            self.children.append(text)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Node(tag, attrs)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].add_text(data)


def tree_of(html: str) -> Node:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    (root,) = parser.open
    return root
