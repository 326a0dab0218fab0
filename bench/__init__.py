"""Measurements: one command a question."""
