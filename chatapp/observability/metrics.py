"""Prometheus metrics of this process: requests, answers, build. Each server is scraped by itself."""

import platform
import tomllib

import django
from django.conf import settings
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    generate_latest,
)

REGISTRY = CollectorRegistry(auto_describe=False)
REQUESTS = Histogram(
    "rapport_request_seconds",
    "Time from a request to the end of its response, streams included, by status.",
    ["status"],
    registry=REGISTRY,
)
ANSWERS_RUNNING = Gauge(
    "rapport_answers_running", "Answers that this process is generating.", registry=REGISTRY
)
FIRST_TOKEN = Histogram(
    "rapport_answer_first_token_seconds",
    "Time from the request of an answer to its first text or thinking.",
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60),
    registry=REGISTRY,
)
ANSWERS = Counter(
    "rapport_answers",
    "Answers that ended in this process, by status.",
    ["status"],
    registry=REGISTRY,
)
ANSWER_FAILURES = Counter(
    "rapport_answer_failures",
    "Answers that ended with an error, by its code.",
    ["code"],
    registry=REGISTRY,
)
BUILD = Info("rapport_build", "Versions of the site and of what it runs on.", registry=REGISTRY)


def version() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text("utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def exposition() -> bytes:
    """The metrics in Prometheus' text format."""
    BUILD.info(
        {
            "version": version(),
            "python": platform.python_version(),
            "django": django.get_version(),
        }
    )
    return generate_latest(REGISTRY)
