"""Runtime: database threads, places that are few, connection errors, Helicone's settings."""

from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import DatabaseThread, run_in_db_thread
from chatapp.helicone_settings import helicone_settings
from chatapp.places import Places

__all__ = ["CONNECTION_ERRORS", "DatabaseThread", "Places", "helicone_settings", "run_in_db_thread"]
