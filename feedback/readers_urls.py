"""The page that tells people who reads what they rate."""

from django.urls import path

from feedback.staff_access import disclosure

urlpatterns = [path("", disclosure.page, name="who_reads")]
