"""Delivery of ratings to Helicone, by a background loop of the server or a command."""

from feedback.delivery.service import deliver, run

__all__ = ["deliver", "run"]
