"""Addresses for machines, at the site's root."""

from django.urls import path

from feedback import operations

urlpatterns = [
    path("metrics", operations.metrics, name="metrics"),
    path("readyz", operations.ready, name="ready"),
]
