"""The addresses of tickets and what hangs on them, below /api/v1/."""

from django.urls import path, register_converter

from tickets.api import customers, fields, flags, thresholds, views

register_converter(fields.ReferenceConverter, "reference")

urlpatterns = [
    path("tickets/", views.Tickets.as_view()),
    path("tickets/<reference:reference>/", views.TicketView.as_view()),
    path("tickets/<reference:reference>/timeline/", views.Timeline.as_view()),
    path("tickets/<reference:reference>/acknowledge/", views.Acknowledge.as_view()),
    path("tickets/<reference:reference>/notes/", views.Notes.as_view()),
    path("tickets/<reference:reference>/contacts/", views.Contacts.as_view()),
    path("tickets/<reference:reference>/holds/", views.Holds.as_view()),
    path("tickets/<reference:reference>/promises/", views.Promises.as_view()),
    path("tickets/<reference:reference>/resolve/", views.Resolve.as_view()),
    path("tickets/<reference:reference>/close/", views.Close.as_view()),
    path("tickets/<reference:reference>/duplicate/", views.Duplicate.as_view()),
    path("tickets/<reference:reference>/reopen/", views.Reopen.as_view()),
    path("holds/<number:number>/end/", views.EndHold.as_view()),
    path("holds/<number:number>/extend/", views.ExtendHold.as_view()),
    path("promises/<number:number>/keep/", views.KeepPromise.as_view()),
    path("promises/<number:number>/renegotiate/", views.RenegotiatePromise.as_view()),
    path("promises/<number:number>/withdraw/", views.WithdrawPromise.as_view()),
    path("flags/", flags.Flags.as_view()),
    path("flags/<number:number>/take-on/", flags.TakeOnFlag.as_view()),
    path("flags/<number:number>/close/", flags.CloseFlag.as_view()),
    path("flags/<number:number>/false-alarm/", flags.CallFalseAlarm.as_view()),
    path("teams/<slug:slug>/thresholds/", thresholds.TeamThresholds.as_view()),
    path("customers/", customers.Customers.as_view()),
    path("customers/<number:number>/", customers.CustomerView.as_view()),
]
