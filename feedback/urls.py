"""The thumbs under one answer."""

from django.urls import path

from feedback import views

urlpatterns = [
    path("rating/", views.rating, name="rating"),
    path("copied/", views.copied, name="copied"),
    path("rating/reasons/", views.reasons, name="reasons"),
    path("fix/dismiss/", views.dismiss, name="dismiss"),
]
