"""The addresses of the pages."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from web.pages import board, board_people, chain, desk, flows, here, thresholds, tickets, verbs
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
    path("board/", board.board, name="board"),
    path("board/looked/", board.looked, name="board_looked"),
    path("board/people/<int:number>/", board_people.person, name="board_person"),
    path("board/people/<int:number>/cover/", board_people.cover, name="board_cover"),
    path("board/covers/<int:number>/end/", board_people.end_cover, name="board_end_cover"),
    path("board/thresholds/<slug:slug>/", thresholds.thresholds, name="thresholds"),
    path("board/thresholds/<slug:slug>/preview/", thresholds.preview, name="thresholds_preview"),
    path("flows/", flows.flows, name="flows"),
    path("flows/tickets/", flows.tickets, name="flows_tickets"),
    path("going-home/", soon, name="going_home"),
    path("account/", soon, name="account"),
]
