"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from ownership_tracker import views
from web import errors

handler400 = views.bad_request
handler403 = errors.forbidden
handler404 = views.not_found
handler500 = views.our_fault

# How the API is to be used is no secret: whoever connects a program reads it before they have a token.
OPEN: dict[str, list[type]] = {"authentication_classes": [], "permission_classes": [], "throttle_classes": []}

urlpatterns = [
    path("", include("web.urls")),
    path("accounts/", include("web.accounts.urls")),
    path("admin/", admin.site.urls),
    path("health/live", views.live),
    path("health/ready", views.ready),
    path("metrics", views.metrics),
    path("api/v1/schema/", SpectacularAPIView.as_view(**OPEN), name="schema"),
    path(
        "api/v1/docs/",
        SpectacularSwaggerSplitView.as_view(**OPEN, url_name="schema"),
        name="docs",
    ),
    path("api/v1/", include("people.api.urls")),
    path("api/v1/", include("notices.api.urls")),
    path("api/v1/", include("tickets.api.urls")),
    path("api/v1/", include("handoffs.api.urls")),
    path("api/v1/", include("phones.api.urls")),
    path("api/v1/", include("insights.api.urls")),
]
