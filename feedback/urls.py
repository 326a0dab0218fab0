"""URLs of feedback: thumbs under an answer, disclosure page, monitoring."""

from django.urls import include, path

from feedback import monitoring as operations
from feedback import views
from feedback.staff_access import disclosure as readers

message = [
    path("rating/", views.rating, name="rating"),
    path("copied/", views.copied, name="copied"),
    path("rating/reasons/", views.reasons, name="reasons"),
    path("fix/dismiss/", views.dismiss, name="dismiss"),
]
disclosure = [path("", readers.page, name="disclosure")]
monitoring = [
    path("metrics", operations.metrics, name="metrics"),
    path("readyz", operations.ready, name="ready"),
]
urlpatterns = [
    path("m/<uuid:pk>/", include(message)),
    path("who-reads/", include(disclosure)),
    path("", include(monitoring)),
]
