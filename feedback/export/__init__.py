"""Export of rated answers: as a table (CSV), or with their message history (JSONL)."""
