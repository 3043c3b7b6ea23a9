"""The addresses of telephone systems and calls, below /api/v1/."""

from django.urls import path

from phones.api import views

urlpatterns = [
    path("phones/events/", views.Events.as_view()),
    path("phones/sources/", views.Sources.as_view()),
    path("phones/sources/<slug:slug>/", views.SourceView.as_view()),
    path("phones/sources/<slug:slug>/rotate/", views.SourceSecret.as_view()),
    path("phones/calls/", views.Calls.as_view()),
    path("phones/calls/<number:number>/", views.CallView.as_view()),
]
