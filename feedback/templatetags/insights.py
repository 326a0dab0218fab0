"""Template tag for a share: percentage, confidence interval and a bar for both."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from feedback.insights.intervals import Share

register = template.Library()


@register.inclusion_tag("admin/feedback/rating/interval.html")
def share(share: Share) -> dict[str, Any]:
    """Context of the share's bar; positions are attributes in per cent (no inline style)."""
    low, high = share.interval.low * 100, share.interval.high * 100
    return {
        "value": percent(share.value),
        "range": _("%(low)s to %(high)s") % {"low": tenths(low), "high": percent(high / 100)},
        "share": share,
        "low": f"{low:.2f}",
        "width": f"{max(high - low, 0.5):.2f}",
        "point": f"{max((share.value or 0) * 100 - 0.75, 0):.2f}",
    }


def percent(value: float | None) -> str:
    return "–" if value is None else _("%s %%") % tenths(value * 100)


def tenths(number: float) -> str:
    return number_format(round(number, 1), 1)
