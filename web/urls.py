"""The addresses of the pages."""

from django.urls import path, register_converter
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

from web.accounts import page as account
from web.board import page as board
from web.board import people, thresholds
from web.calls import page as calls
from web.chain import page as chain
from web.desk import page as desk
from web.flows import page as flows
from web.going_home import page as going_home
from web.live import here
from web.tickets import doing, opening
from web.tickets import page as tickets
from web.tickets.references import ReferenceConverter

register_converter(ReferenceConverter, "ticket")

# The words of the scripts.
words = cache_control(private=True, max_age=3600)(JavaScriptCatalog.as_view(packages=["web"]))

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/<slug:slug>/", desk.desk, name="desk_list"),
    path("search/", tickets.search, name="search"),
    path("tickets/new/", opening.open_ticket, name="open_ticket"),
    path("customers/find/", opening.find_customer, name="find_customer"),
    path("tickets/<ticket:number>/", tickets.ticket, name="ticket"),
    path("tickets/<ticket:number>/do/<slug:slug>/", doing.do, name="do"),
    path("tickets/<ticket:number>/do/<slug:slug>/<int:about>/", doing.do, name="do_about"),
    path("calls/line/", calls.line, name="line"),
    path("calls/<int:number>/wrap-up/", calls.wrap_up, name="wrap_up"),
    path("calls/<int:number>/call-back/", calls.call_back, name="call_back"),
    path("tickets/<ticket:number>/chain/", chain.chain, name="chain"),
    path("tickets/<ticket:number>/chain.csv", chain.chain_csv, name="chain_csv"),
    path("tickets/<ticket:number>/chain.json", chain.chain_json, name="chain_json"),
    path("tickets/<ticket:number>/here/", here.here, name="here"),
    path("board/", board.board, name="board"),
    path("board/looked/", board.looked, name="board_looked"),
    path("board/people/<int:number>/", people.person, name="board_person"),
    path("board/people/<int:number>/cover/", people.cover, name="board_cover"),
    path("board/covers/<int:number>/end/", people.end_cover, name="board_end_cover"),
    path("board/thresholds/<slug:slug>/", thresholds.thresholds, name="thresholds"),
    path("board/thresholds/<slug:slug>/preview/", thresholds.preview, name="thresholds_preview"),
    path("flows/", flows.flows, name="flows"),
    path("flows/tickets/", flows.tickets, name="flows_tickets"),
    path("going-home/", going_home.going_home, name="going_home"),
    path("covers/<int:number>/<slug:answer>/", going_home.answer_cover, name="answer_cover"),
    path("me/presence/<slug:presence_now>/", going_home.here_or_away, name="presence"),
    path("me/extension/", going_home.extension, name="extension"),
    path("account/", account.account, name="account"),
    path("account/sign-ins/others/end/", account.end_other_sign_ins, name="end_other_sign_ins"),
    path("account/sign-ins/<int:number>/end/", account.end_sign_in, name="end_sign_in"),
    path("account/tokens/", account.account_tokens, name="account_tokens"),
    path("account/tokens/new/", account.create_token, name="create_token"),
    path("account/tokens/<slug:begins_with>/revoke/", account.revoke_token, name="revoke_token"),
    path("words.js", words, name="jsi18n"),
]
