"""The addresses of handoffs, claims, help requests, covers, take-overs and departures, below /api/v1/."""

from django.urls import path

from handoffs.api import covers, drafts, help_requests, manager_requests, people, views

urlpatterns = [
    path("tickets/<reference:reference>/handoffs/", views.Offers.as_view()),
    path("tickets/<reference:reference>/claims/", views.Claims.as_view()),
    path("tickets/<reference:reference>/candidates/", views.Candidates.as_view()),
    path("tickets/<reference:reference>/help-requests/", help_requests.AskForHelp.as_view()),
    path("tickets/<reference:reference>/take-over/", views.TakeOver.as_view()),
    path("tickets/<reference:reference>/chain/", views.Chain.as_view()),
    path("take-overs/", views.TakeOvers.as_view()),
    path("handoffs/", views.Handoffs.as_view()),
    path("handoffs/drafts/", drafts.Drafts.as_view()),
    path("handoffs/<number:number>/approve/", views.Approve.as_view()),
    path("handoffs/<number:number>/refuse/", views.Refuse.as_view()),
    path("handoffs/<number:number>/accept/", views.Accept.as_view()),
    path("handoffs/<number:number>/decline/", views.Decline.as_view()),
    path("handoffs/<number:number>/withdraw/", views.Withdraw.as_view()),
    path("handoffs/<number:number>/release/", views.Release.as_view()),
    path("handoffs/<number:number>/complete/", views.Complete.as_view()),
    path("handoffs/<number:number>/correct/", views.Correct.as_view()),
    path("help-requests/", help_requests.HelpRequests.as_view()),
    path("help-requests/<number:number>/answer/", help_requests.AnswerHelp.as_view()),
    path("help-requests/<number:number>/withdraw/", help_requests.WithdrawHelp.as_view()),
    path("covers/", covers.Covers.as_view()),
    path("covers/<number:number>/accept/", covers.AcceptCover.as_view()),
    path("covers/<number:number>/end/", covers.EndCover.as_view()),
    path("covers/<number:number>/due/", covers.DueInCover.as_view()),
    path("me/due/", covers.MyDue.as_view()),
    path("manager-requests/", manager_requests.ManagerRequests.as_view()),
    path("manager-requests/<number:number>/answer/", manager_requests.AnswerManagerRequest.as_view()),
    path("manager-requests/<number:number>/withdraw/", manager_requests.WithdrawManagerRequest.as_view()),
    path("me/presence/", people.MyPresence.as_view()),
    path("people/<username:username>/departure/", people.Departure.as_view()),
]
