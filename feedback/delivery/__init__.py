"""Deliver ratings to Helicone, and see them arrive: the loop inside the server and the command."""

from feedback.delivery.service import deliver, run

__all__ = ["deliver", "run"]
