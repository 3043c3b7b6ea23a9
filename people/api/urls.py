"""The addresses of people and teams, below /api/v1/."""

from django.urls import path, register_converter

from people.api import fields, views

register_converter(fields.NumberConverter, "number")
register_converter(fields.UsernameConverter, "username")

urlpatterns = [
    path("people/", views.People.as_view()),
    path("teams/", views.Teams.as_view()),
    path("me/", views.Me.as_view()),
    path("me/extension/", views.MyExtension.as_view()),
]
