"""The addresses of telephone systems and calls, below /api/v1/."""

from django.urls import path, register_converter

from phones.api import customers, vendors, views, wrap_ups

register_converter(vendors.TokenConverter, "source_token")

urlpatterns = [
    path("phones/events/", views.Events.as_view()),
    path("phones/twilio/<slug:slug>/", vendors.Twilio.as_view()),
    path("phones/zammad/<source_token:token>", vendors.Zammad.as_view()),
    path("phones/sources/", views.Sources.as_view()),
    path("phones/sources/<slug:slug>/", views.SourceView.as_view()),
    path("phones/sources/<slug:slug>/rotate/", views.SourceSecret.as_view()),
    path("customers/<number:number>/forget/", customers.ForgetCustomer.as_view()),
    path("phones/calls/", views.Calls.as_view()),
    path("phones/calls/<number:number>/", views.CallView.as_view()),
    path("phones/calls/<number:number>/wrap-up/", wrap_ups.WrapUp.as_view()),
    path("phones/calls/<number:number>/complaint/", wrap_ups.Complaint.as_view()),
    path("phones/calls/<number:number>/link/", wrap_ups.Link.as_view()),
    path("phones/calls/<number:number>/call-back/", wrap_ups.CallBack.as_view()),
    path("phones/route/", wrap_ups.Route.as_view()),
]
