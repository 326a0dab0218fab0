"""Addresses for machines, at the site's root."""

from django.urls import path

from feedback import monitoring

urlpatterns = [
    path("metrics", monitoring.metrics, name="metrics"),
    path("readyz", monitoring.ready, name="ready"),
]
