"""Rated answers on their way out: as a table (CSV) or with all that led to them (JSONL)."""
