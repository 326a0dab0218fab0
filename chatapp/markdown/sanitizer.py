"""The last word on what reaches a page: an explicit list of elements and attributes."""

import nh3

from chatapp.markdown.latex import STYLE_CLASSES

_MATHML = {
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "none",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
    "merror",
}
_PROSE = {
    "p",
    "br",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
    "em",
    "strong",
    "s",
    "u",
    "sub",
    "sup",
    "kbd",
    "mark",
    "details",
    "summary",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "code",
    "pre",
    "div",
    "span",
    "section",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "label",
    "input",
}
_DIRECTED = ("p", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "summary")
_STYLED = {"displaystyle", "scriptlevel"}
_SPACED = {"lspace", "rspace"}
_MATHML_ATTRIBUTES = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "symmetric", "minsize", "maxsize", "movablelimits"} | _SPACED,
    "mspace": {"width"},
    "mrow": _STYLED,
    "mfrac": {"linethickness"} | _STYLED,
    "mstyle": _STYLED,
    "mtable": _STYLED,
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "menclose": {"notation"},
    "mpadded": {"width", "height", "depth", "voffset"} | _SPACED,
}
_ALERTS = {
    f"markdown-alert{kind}" for kind in ("", "-note", "-tip", "-important", "-warning", "-caution")
}
_TOKENS = {"c", "k", "t", "f", "b", "d", "s", "m", "h", "gi", "gd"}

_cleaner = nh3.Cleaner(
    tags=_PROSE | _MATHML,
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href", "title"},
        "ol": {"start"},
        "details": {"open"},
        "div": {"data-lang", "aria-label"},
        "input": {"checked", "disabled"},
        **_MATHML_ATTRIBUTES,
    },
    tag_attribute_values={
        "input": {"type": {"checkbox"}},
        "div": {"tabindex": {"0"}, "role": {"region"}, "dir": {"auto"}},
        "pre": {"tabindex": {"0"}},
        **{tag: {"dir": {"auto"}} for tag in _DIRECTED},
    },
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"disabled": ""}},
    allowed_classes={
        "div": {"code", "code-head", "continues", "table"} | _ALERTS,
        "span": _TOKENS | {"code-lang", "math", "display"},
        "code": {"highlight"},
        "sup": {"footnote-ref"},
        "section": {"footnotes"},
        "li": {"task"},
        "p": {"plain", "limited", "markdown-alert-title"},
        "ul": {"continues"},
        "ol": {"continues"},
        "th": {"left", "right", "center"},
        "td": {"left", "right", "center"},
        "mo": {"bar"},
        "mtable": set(STYLE_CLASSES.values()),
        "mtd": set(STYLE_CLASSES.values()),
    },
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)


def clean(html: str) -> str:
    return _cleaner.clean(html)
