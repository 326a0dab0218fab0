"""Ratings through a failing Helicone by workers that are killed, and what became of each."""
