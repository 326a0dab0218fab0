"""PostgreSQL search: a GIN index over the words of a column, without stemming of any language.

The index is over an expression, which each query has to repeat exactly.
"""

from django.db.models.expressions import RawSQL

# The parser takes "example.org/a-b" for one word; users search for its parts.
VECTOR = "to_tsvector('simple', translate(left({column}, 200000), './:@-_+~&=?#', '            '))"
# A running answer is saved every second, and indexed once, when it has ended.
ENDED = " WHERE status NOT IN ('queued', 'streaming')"


def indexed(table: str) -> str:
    return ENDED if table == "chatapp_message" else ""


def rows(table: str, column: str, words: list[str], select: str) -> RawSQL:
    """A subquery of column `select` of the matching rows."""
    vector, where = VECTOR.format(column=column), indexed(table).replace(" WHERE", " AND")
    query = " & ".join(f"'{word}':*" for word in words)
    sql = f"SELECT {select} FROM {table} WHERE {vector} @@ to_tsquery('simple', %s){where}"  # noqa: S608
    return RawSQL(sql, [query])  # noqa: S611 - words only, and as a parameter


def create(table: str, column: str) -> str:
    vector = VECTOR.format(column=column)
    return f"CREATE INDEX {table}_words ON {table} USING gin ({vector}){indexed(table)}"


def drop(table: str) -> str:
    return f"DROP INDEX IF EXISTS {table}_words"
