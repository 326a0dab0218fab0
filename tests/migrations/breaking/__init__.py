"""Migrations that no release may have, for the linter to find, and two that it may."""
