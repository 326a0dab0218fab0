"""Limits of what users may do at once and in a time."""
