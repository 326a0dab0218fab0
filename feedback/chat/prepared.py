"""Prepared queries."""

from chatapp.prepared import Insert, Rows, Select, Update, given

__all__ = ["Insert", "Rows", "Select", "Update", "given"]
