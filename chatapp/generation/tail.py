"""What turns the unfinished end of an answer, as readers have it, into what it is now."""

from __future__ import annotations

import re

LAST_TAGS = re.compile(r"(?:</[a-z][a-z0-9]*>\s*)+\Z")
REACH = 200  # characters in which the last tags are looked for


def change_of(sent: str, tail: str) -> dict[str, str]:
    """The fields of an update that turns the HTML `sent` into `tail`: none if they are the same;
    `added`, text as HTML that goes before the tags `closing`; or else the whole `tail`.

    A reader puts what is `added` behind all that is in the last element, as deep as `closing` has
    tags. These are all that `sent` ends with, and so the same from one addition to the next, which
    can be merged.
    """
    if tail == sent:
        return {}
    last = LAST_TAGS.search(sent, max(0, len(sent) - REACH))
    if last is None or len(tail) < len(sent) or not tail.endswith(last[0]):
        return {"tail": tail}
    begun = sent[: last.start()]
    added = tail[len(begun) : len(tail) - len(last[0])]
    if "<" in added or not tail.startswith(begun):
        return {"tail": tail}
    return {"added": added, "closing": last[0]}
