"""The addresses of notices and webhooks, below /api/v1/."""

from django.urls import path

from notices.api import views, webhooks

urlpatterns = [
    path("me/notices/", views.MyChoices.as_view()),
    path("notices/", views.MyNotices.as_view()),
    path("notices/deliveries/", views.Deliveries.as_view()),
    path("notices/deliveries/<uuid:notice>/redeliver/", views.Redelivery.as_view()),
    path("webhooks/", webhooks.Webhooks.as_view()),
    path("webhooks/<number:number>/", webhooks.WebhookView.as_view()),
    path("webhooks/<number:number>/rotate/", webhooks.WebhookSecret.as_view()),
    path("webhooks/<number:number>/retire/", webhooks.WebhookOldSecrets.as_view()),
    path("webhooks/<number:number>/test/", webhooks.WebhookTest.as_view()),
]
