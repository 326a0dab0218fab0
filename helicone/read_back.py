"""The protocol of reading requests back: the queries, and what their answers prove. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice

from helicone import validation
from helicone.calls import Call, query
from helicone.errors import TransientError
from helicone.models import Reading

IDS_PER_QUERY = 250  # 200 to 300 is a good size; 2,000 come back empty (source of 2026-07)


@dataclass(frozen=True)
class ReadBack:
    """The requested ids, by what could be determined about each.

    found: as Helicone shows them.
    absent: Helicone does not have them: not ingested yet, another organisation's, or never sent.
    unknown: not shown, which proves nothing: a query failed, or the versions of a request used up
        its limit, or no request was shown by which the two could be told apart.
    queries: the number of queries sent.
    """

    found: Mapping[uuid.UUID, Reading] = field(default_factory=dict)
    absent: frozenset[uuid.UUID] = frozenset()
    unknown: frozenset[uuid.UUID] = frozenset()
    queries: int = 0

    def __or__(self, other: ReadBack) -> ReadBack:
        """Both, where what `other` found or proved replaces what was unknown."""
        return ReadBack(
            {**self.found, **other.found},
            self.absent | other.absent,
            (self.unknown - other.found.keys() - other.absent) | other.unknown,
            self.queries + other.queries,
        )


Steps = Generator[Call[list[Reading]], list[Reading] | TransientError, ReadBack]


def read_back(request_ids: Iterable[uuid.UUID | str], witness: uuid.UUID | str | None) -> Steps:
    """Yield one query after the other, be sent the rows or the error of each, and return what is
    known. Raises the error of a query where nothing was found before it.

    The limit of a query counts stored versions of rows, and a failed query looks like an empty one
    (observed on Helicone's API, source of 2026-07). So what is missing from an answer is asked for
    again, without what was found, until an answer brings nothing new.
    """
    known = None if witness is None else validation.request_id(witness)
    ids = iter(dict.fromkeys(map(validation.request_id, [*request_ids])))
    result = ReadBack()
    while group := list(islice(ids, IDS_PER_QUERY)):
        result |= yield from _read_group(group, known)
        known = known or next((str(one) for one in result.found), None)
    return result


def _read_group(ids: Collection[str], witness: str | None) -> Steps:
    """Read ids that fit into one query.

    What is still missing is absent when two queries in opposite orders, the last of which brought
    nothing new, both show the witness: neither failed, and a request whose versions use up the
    whole limit would have hidden the witness from one of them.
    """
    found: dict[str, Reading] = {}
    missing = dict.fromkeys(ids)
    witnessed = queries = 0
    orders = cycle(("desc", "asc"))
    while True:
        asked = dict.fromkeys([*missing, *([witness] if witness else [])])
        rows = yield query(asked, next(orders))
        if isinstance(rows, TransientError):
            if not found:
                raise rows
            witnessed = 0
            break
        shown = {str(row.request_id): row for row in rows}
        new = [one for one in missing if one in shown]
        found |= {one: shown[one] for one in new}
        missing = dict.fromkeys(one for one in missing if one not in shown)
        queries += 1
        witnessed = witnessed + 1 if witness in shown else min(len(shown), 1)
        if witness not in shown:
            # It may have been deleted or, with too many versions of its own, hide all others.
            witness = next(iter(shown), None)
        if not missing or (not new and queries > 1):
            break
    absent, unknown = (missing, ()) if witnessed > 1 else ((), missing)
    return ReadBack(
        {uuid.UUID(one): reading for one, reading in found.items()},
        frozenset(map(uuid.UUID, absent)),
        frozenset(map(uuid.UUID, unknown)),
        queries,
    )
