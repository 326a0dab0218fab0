"""Runtime: database threads, places that are few, connection errors, settings, masking, metrics,
spans."""

from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import DatabaseThread, run_in_db_thread
from chatapp.helicone_settings import helicone_settings
from chatapp.limits.places import Places
from chatapp.observability.masking import masked
from chatapp.observability.metrics import exposition
from chatapp.observability.tracing import helicone_span

__all__ = [
    "CONNECTION_ERRORS",
    "DatabaseThread",
    "Places",
    "exposition",
    "helicone_settings",
    "helicone_span",
    "masked",
    "run_in_db_thread",
]
