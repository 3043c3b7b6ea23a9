"""The addresses of what can be learned from the past, below /api/v1/."""

from django.urls import path

from insights.api import previews

urlpatterns = [
    path("teams/<slug:slug>/thresholds/preview/", previews.PreviewThresholds.as_view()),
]
