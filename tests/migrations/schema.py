"""The schema of a database as plain values, so that two databases can be compared.

The order of columns doesn't count: a table that grew has its newest columns last.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

import psycopg

Connection = sqlite3.Connection | psycopg.Connection[Any]

ON_POSTGRESQL = {
    "columns": """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attstorage, c.reloptions::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """SELECT proname, prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
}
ON_SQLITE = {
    "columns": """SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
        FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'""",
    "references": """SELECT m.name, f."from", f."table", f."to", f.on_delete
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'""",
    "unique": """SELECT m.name, i.origin, i.partial, (SELECT group_concat(name)
        FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
        FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique" """,
    "indexes": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "triggers": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "virtual": "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'",
    "checks": """SELECT m.name, c.name, instr(m.sql, 'CHECK ((JSON_VALID("' || c.name) > 0,
        instr(m.sql, '"' || c.name || '" >= 0') > 0
        FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'""",
}


def schema_of(connection: Connection) -> dict[str, list[str]]:
    """By kind, one line for each thing of that kind, sorted."""
    queries = ON_SQLITE if isinstance(connection, sqlite3.Connection) else ON_POSTGRESQL
    return {
        kind: sorted(map(line_of, connection.execute(query).fetchall()))
        for kind, query in queries.items()
    }


def line_of(row: Iterable[Any]) -> str:
    line = " | ".join("–" if value is None else " ".join(str(value).split()) for value in row)
    # A dump that PostgreSQL restores has other casts and parentheses around the same expression.
    return re.sub(r"::(text|character varying)(\[\])?|[()]", "", line)
