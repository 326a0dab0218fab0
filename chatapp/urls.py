"""URLs of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from chatapp import views
from chatapp.views import stream

# Staff log in on the site's login page, under the same rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("conversations/", views.conversations, name="conversations"),
    path("search", views.search, name="search"),
    path("archived/", views.archived, name="archived"),
    path("deleted/", views.deleted, name="deleted"),
    path("c/<uuid:pk>/", views.conversation, name="conversation"),
    path("c/<uuid:pk>/rename/", views.rename, name="rename"),
    path("c/<uuid:pk>/title/", views.title, name="title"),
    path("c/<uuid:pk>/export.md", views.export, {"suffix": "md"}, name="export_md"),
    path("c/<uuid:pk>/export.json", views.export, {"suffix": "json"}, name="export_json"),
    path("c/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("c/<uuid:pk>/share/", views.share, name="share"),
    path("c/<uuid:pk>/unshare/", views.unshare, name="unshare"),
    path("s/<str:token>/", views.shared, name="shared"),
    path("c/<uuid:pk>/pin/", views.pin, name="pin"),
    path("c/<uuid:pk>/archive/", views.archive, name="archive"),
    path("c/<uuid:pk>/delete/", views.delete, name="delete"),
    path("c/<uuid:pk>/restore/", views.restore, name="restore"),
    path("m/<uuid:pk>/stream/", stream.stream, name="stream"),
    path("m/<uuid:pk>/stop/", views.stop, name="stop"),
    path("m/<uuid:pk>/retry/", views.retry, name="retry"),
    path("m/<uuid:pk>/", views.message, name="message"),
    path("m/<uuid:pk>/images/<int:number>/", views.image, name="image"),
    path("m/<uuid:pk>/edit/", views.edit, name="edit"),
    path("m/<uuid:pk>/source/", views.source, name="source"),
    path("m/<uuid:pk>/regenerate/", views.regenerate, name="regenerate"),
    path("m/<uuid:pk>/show/", views.show, name="show"),
    path("", include("feedback.urls")),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("accounts/", include("chatapp.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.health, name="health"),
]

handler400 = "chatapp.views.errors.bad_request"
handler403 = "chatapp.views.errors.forbidden"
handler404 = "chatapp.views.errors.not_found"
handler429 = "chatapp.views.errors.too_many_tries"
handler500 = "chatapp.views.errors.server_error"
