"""Logs, metrics, and what must not be in them."""
