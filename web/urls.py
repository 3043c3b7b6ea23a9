"""The addresses of the pages."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from web.pages import chain, desk, flows, here, tickets, verbs
from web.references import ReferenceConverter

register_converter(ReferenceConverter, "ticket")

# Filled in as the pages come.
soon = RedirectView.as_view(url="/")

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/<slug:slug>/", desk.desk, name="desk_list"),
    path("search/", tickets.search, name="search"),
    path("tickets/new/", soon, name="open_ticket"),
    path("tickets/<ticket:number>/", tickets.ticket, name="ticket"),
    path("tickets/<ticket:number>/do/<slug:slug>/", verbs.do, name="do"),
    path("tickets/<ticket:number>/do/<slug:slug>/<int:about>/", verbs.do, name="do_about"),
    path("calls/<int:number>/wrap-up/", soon, name="wrap_up"),
    path("tickets/<ticket:number>/chain/", chain.chain, name="chain"),
    path("tickets/<ticket:number>/chain.csv", chain.chain_csv, name="chain_csv"),
    path("tickets/<ticket:number>/chain.json", chain.chain_json, name="chain_json"),
    path("tickets/<ticket:number>/here/", here.here, name="here"),
    path("board/", soon, name="board"),
    path("flows/", flows.flows, name="flows"),
    path("flows/tickets/", flows.tickets, name="flows_tickets"),
    path("going-home/", soon, name="going_home"),
    path("account/", soon, name="account"),
]
