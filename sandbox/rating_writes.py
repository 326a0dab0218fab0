"""Writes of a score to a request's row: first and second writes, and dropped ones.

As observed: writes aren't awaited; each is repeated later (10 minutes), and overwrites any value
stored meanwhile; row versions count whole seconds, and of two values written within the same
second the higher was stored in 29 of 30 tries, here always; a write without an ingested row is
dropped, though answered 201. Each write stores one more version of its row, and a query's limit
counts versions until they are merged.
"""

import random

from sandbox.log import Log
from sandbox.request_rows import Request, Write


def post(
    log: Log, helicone_id: str, organisation: str, key: str, value: int, arrived: float
) -> list[Write]:
    """Accept one score. Whether it is stored is decided when its writes are due."""
    now, settings = log.now(), log.settings
    dues = [(1, settings.write_delay)]
    if settings.second_write > 0 and random.random() >= settings.second_write_loss:
        spread = random.uniform(-1, 1) * settings.second_write_spread
        dues.append((2, settings.second_write * (1 + spread)))
    writes = [
        Write(helicone_id, organisation, key, value, arrived, now + wait, turn)
        for turn, wait in dues
    ]
    add(log, writes)
    log.journal.write("post", writes=writes)
    return writes


def add(log: Log, writes: list[Write]) -> None:
    for write in writes:
        log.writes[write.helicone_id].append(write)
        log.pending.setdefault(write.helicone_id, []).append(write)


def settle(log: Log, helicone_id: str) -> None:
    """Apply the writes of this id that are due, in the order of their time."""
    waiting = log.pending.get(helicone_id)
    if not waiting:
        return
    now = log.now()
    for write in sorted((w for w in waiting if w.due_at <= now), key=lambda w: w.due_at):
        apply(log, write)
    left = [write for write in waiting if write.outcome == "pending"]
    if left:
        log.pending[helicone_id] = left
    else:
        del log.pending[helicone_id]


def settle_all(log: Log) -> None:
    for helicone_id in list(log.pending):
        settle(log, helicone_id)


def apply(log: Log, write: Write) -> None:
    """Write one score into the row that exists at the write's due time, if any."""
    if write.outcome != "pending":
        return
    row = log.row(write.helicone_id, write.due_at, write.organisation)
    if row is None or write.due_at - row.created_at > log.settings.max_age:
        write.outcome = "dropped"
        if log.settings.early_ratings == "dropped" and write.turn == 1:
            drop_second_write(log, write)
        return
    version = int(write.due_at / log.settings.version_granularity)
    row.stored_versions += 1  # the version that loses is stored too, until it is merged away
    log.merge_by_chance(row)
    if is_overruled(row, write, version):
        write.outcome = "lost"
        return
    row.scores[write.key] = write.value
    row.version, row.version_key = version, write.key
    write.outcome = "stored"


def is_overruled(row: Request, write: Write, version: int) -> bool:
    """Whether a write is lost: to a newer version always, to the same one by a race."""
    if version != row.version:
        return version < row.version
    if write.key != row.version_key:
        return True  # a rating and a score in one batch can lose one of the two
    return row.scores.get(write.key, write.value) > write.value  # of two ratings, true stays


def drop_second_write(log: Log, first: Write) -> None:
    for write in log.writes[first.helicone_id]:
        if write.turn == 2 and write.received_at == first.received_at and write.key == first.key:
            write.outcome = "dropped"
