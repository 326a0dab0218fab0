"""The page that tells people who reads what they rate."""

from django.urls import path

from feedback import readers

urlpatterns = [path("", readers.page, name="who_reads")]
