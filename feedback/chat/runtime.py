"""Runtime of background work: database threads, connection errors, Helicone's settings."""

from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import DatabaseThread, run_in_db_thread
from chatapp.helicone_settings import helicone_settings

__all__ = ["CONNECTION_ERRORS", "DatabaseThread", "helicone_settings", "run_in_db_thread"]
