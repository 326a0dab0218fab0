"""The page that tells people who reads what they rate."""

from django.urls import path

from feedback import views

urlpatterns = [path("", views.who_reads, name="who_reads")]
