"""The addresses of the pages."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from web.pages import desk
from web.references import ReferenceConverter

register_converter(ReferenceConverter, "ticket")

# Filled in as the pages come.
soon = RedirectView.as_view(pattern_name="desk")

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/<slug:slug>/", desk.desk, name="desk_list"),
    path("search/", soon, name="search"),
    path("tickets/new/", soon, name="open_ticket"),
    path("tickets/<ticket:number>/", soon, name="ticket"),
    path("calls/<int:number>/wrap-up/", soon, name="wrap_up"),
    path("board/", soon, name="board"),
    path("flows/", soon, name="flows"),
    path("going-home/", soon, name="going_home"),
    path("account/", soon, name="account"),
]
