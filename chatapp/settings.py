"""Django's settings; the site's own values come from the table in `chatapp.configuration`."""

from pathlib import Path
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.management.utils import get_random_secret_key
from environ import Env

from chatapp import configuration
from chatapp.io.files import locked, write_whole
from helicone import AI_GATEWAY_URL, TARGET_GATEWAY_URL, Region

configured = configuration.load()
BASE_DIR = configuration.BASE_DIR
VAR_DIR: Path = BASE_DIR / configured["VAR_DIR"]


def kept_secret_key() -> str:
    """The secret key generated at the first start, in a file that only its owner can read."""
    path = VAR_DIR / "secret_key"
    try:
        if not path.exists() or not path.read_text().strip():
            configuration.make_folder(VAR_DIR)
            with locked(VAR_DIR / "start.lock"):
                # Another process may have made it while this one waited.
                if not path.exists() or not path.read_text().strip():
                    write_whole(path, get_random_secret_key().encode())
        return path.read_text()
    except OSError as error:
        raise SystemExit(f"The secret key can't be kept in {path}: {error.strerror}.") from None


# Hosts, HTTPS
DEBUG = configured["DEBUG"]
SECRET_KEY = configured["SECRET_KEY"] or kept_secret_key()
PORT = configured["PORT"]
ALLOWED_HOSTS = configured["ALLOWED_HOSTS"]
# One host name that is allowed, for requests of the site to itself.
A_HOST = ALLOWED_HOSTS[0].replace("*", "").lstrip(".") or "localhost"
HTTPS = configured["HTTPS"]
# Address in mail, without a slash at its end; if empty, that of the request
SITE_URL = configured["SITE_URL"]
# The site itself speaks no TLS, so that with HTTPS there is a proxy.
TRUSTED_PROXIES = max(configured["TRUSTED_PROXIES"], int(HTTPS))
CSRF_TRUSTED_ORIGINS = configured["CSRF_TRUSTED_ORIGINS"]

# The provider, and Helicone before it: "on", "ai-gateway" or "off"
OPENAI_API_KEY = configured["OPENAI_API_KEY"]
AZURE_OPENAI_ENDPOINT = configured["AZURE_OPENAI_ENDPOINT"]
PROVIDER_URL = configured["PROVIDER_URL"] or AZURE_OPENAI_ENDPOINT
PROVIDER_KEY_HEADER = "api-key" if AZURE_OPENAI_ENDPOINT else ""
HELICONE = configured["HELICONE"]
HELICONE_API_KEY = configured["HELICONE_API_KEY"]
REGION = Region.of_key(HELICONE_API_KEY)
HELICONE_GATEWAY_URL = (
    configured["HELICONE_GATEWAY_URL"]
    or (HELICONE == "ai-gateway" and AI_GATEWAY_URL)
    or (PROVIDER_URL and TARGET_GATEWAY_URL)
    or REGION.gateway_url
)
HELICONE_API_URL = configured["HELICONE_API_URL"] or REGION.api_url
HELICONE_APP_URL = configured["HELICONE_APP_URL"] or REGION.app_url
HELICONE_RATE_LIMIT_POLICY = configured["HELICONE_RATE_LIMIT_POLICY"]
HELICONE_MODERATION = configured["HELICONE_MODERATION"]
HELICONE_PROMPT_SECURITY = configured["HELICONE_PROMPT_SECURITY"]
DEFAULT_MODEL = configured["DEFAULT_MODEL"]
# Set by `chatapp.server` when it starts the sandbox, never by hand.
SANDBOX = configured["SANDBOX"]
# Model that generates conversation titles; if empty, the first line is the title.
TITLE_MODEL = configured["TITLE_MODEL"] or ("none" if SANDBOX else DEFAULT_MODEL)
TITLE_MODEL = "" if TITLE_MODEL == "none" else TITLE_MODEL

# Delivery to Helicone
DELIVER_IN_SERVER = configured["DELIVER_IN_SERVER"]
HELICONE_TIMEOUT = configured["HELICONE_TIMEOUT"]
HELICONE_CONCURRENCY = configured["HELICONE_CONCURRENCY"]
HELICONE_READ_BATCH = configured["HELICONE_READ_BATCH"]
HELICONE_RATE_LIMIT = configured["HELICONE_RATE_LIMIT"]
HELICONE_RATE_WINDOW = configured["HELICONE_RATE_WINDOW"]
HELICONE_SECOND_WRITE_SECONDS = configured["HELICONE_SECOND_WRITE_SECONDS"]
HELICONE_SEND_REASONS = configured["HELICONE_SEND_REASONS"]
HELICONE_SEND_REVIEWS = configured["HELICONE_SEND_REVIEWS"]
DELIVERY_LATE_SECONDS = configured["DELIVERY_LATE_SECONDS"]
METRICS_TOKEN = configured["METRICS_TOKEN"]

# Review and staff access
STAFF_ACCESS = configured["STAFF_ACCESS"]
STAFF_ACCESS_REASON = configured["STAFF_ACCESS_REASON"]
HIDE_NAMES = configured["HIDE_NAMES"]
DOUBLE_REVIEW = configured["DOUBLE_REVIEW"]
SHOW_CORRECTIONS = configured["SHOW_CORRECTIONS"]

# Permissions and quotas of users
GUESTS = configured["GUESTS"]
MESSAGE_MAX_LENGTH = configured["MESSAGE_MAX_LENGTH"]
MESSAGES_PER_MINUTE = configured["MESSAGES_PER_MINUTE"]
MESSAGES_PER_DAY = configured["MESSAGES_PER_DAY"]
GUEST_MESSAGES_PER_ADDRESS = configured["GUEST_MESSAGES_PER_ADDRESS"]
GUEST_MESSAGES_PER_HOUR = configured["GUEST_MESSAGES_PER_HOUR"]
ANSWERS_AT_ONCE = configured["ANSWERS_AT_ONCE"]
STREAMS_PER_USER = configured["STREAMS_PER_USER"]
STREAMS_PER_BROWSER = configured["STREAMS_PER_BROWSER"]
DOWNLOADS_PER_USER = configured["DOWNLOADS_PER_USER"]
EXPORTS_AT_ONCE = configured["EXPORTS_AT_ONCE"]
# In characters, about four per token. The oldest messages are left out first.
CONTEXT_MAX_LENGTH = configured["CONTEXT_MAX_LENGTH"]
# Longest answer in characters, longest event of the provider's stream in bytes
ANSWER_MAX_LENGTH = configured["ANSWER_MAX_LENGTH"]
EVENT_MAX_SIZE = configured["EVENT_MAX_SIZE"]
# Images: number per message (0 disables them), size of each in bytes and in pixels
IMAGES_PER_MESSAGE = configured["IMAGES_PER_MESSAGE"]
IMAGES_PER_DAY = configured["IMAGES_PER_DAY"]
IMAGE_MAX_SIZE = configured["IMAGE_MAX_SIZE"]
IMAGE_MAX_PIXELS = configured["IMAGE_MAX_PIXELS"]
IMAGE_SECONDS = configured["IMAGE_SECONDS"]
IMAGES_AT_ONCE = configured["IMAGES_AT_ONCE"]
# Number of images sent with each prompt, the newest ones.
IMAGES_IN_CONTEXT = configured["IMAGES_IN_CONTEXT"]
# Days in which a deleted conversation can be restored.
DELETED_KEEP_DAYS = configured["DELETED_KEEP_DAYS"]
# Hours after its last message at which a temporary conversation is purged.
TEMPORARY_HOURS = configured["TEMPORARY_HOURS"]
# Whether answers can be rated; groups can be excluded in the admin.
RATINGS = configured["RATINGS"]
# Whether implicit feedback influences the order of the review queue.
IMPLICIT_FEEDBACK = configured["IMPLICIT_FEEDBACK"]

# Timeouts of an answer, in seconds
FIRST_TOKEN_SECONDS = configured["FIRST_TOKEN_SECONDS"]
STALL_SECONDS = configured["STALL_SECONDS"]
THINKING_SECONDS = configured["THINKING_SECONDS"]
SHUTDOWN_SECONDS = configured["SHUTDOWN_SECONDS"]
# Timeouts of a request, in seconds
HEADER_SECONDS = configured["HEADER_SECONDS"]
BODY_SECONDS = configured["BODY_SECONDS"]

# Storage
DATABASES: dict[str, dict[str, Any]] = {
    "default": Env.db_url_config(
        configured["DATABASE_URL"] or f"sqlite:///{VAR_DIR / 'rapport.sqlite3'}"
    )
}
DATABASE = DATABASES["default"]
DATABASE["CONN_MAX_AGE"] = None
if DATABASE["ENGINE"].endswith("sqlite3"):
    # Without these three, concurrent writes raise "database is locked".
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        # What is deleted is overwritten in the file.
        " PRAGMA secure_delete=ON;",
    }
else:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # Seconds, but tcp_user_timeout in ms: an unreachable server must not block threads for long.
    timeouts = {"connect_timeout": 5, "tcp_user_timeout": 15_000, "keepalives_idle": 15}
    DATABASE["OPTIONS"] = timeouts | DATABASE.get("OPTIONS", {})
REDIS_URL = configured["REDIS_URL"]
# Sites that share a Redis need different prefixes.
REDIS_PREFIX = configured["REDIS_PREFIX"]
# Counts login attempts for rate limits, shared by all processes.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Limits are counted there: strangers must not be able to push others' counts out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Functions of other apps, by dotted name, that add to the export of a user's data
OWN_DATA = ["feedback.personal_data.parts"]
# Functions, by dotted name, that erase what other apps keep of a user who is deleted
ERASE_DATA = ["feedback.personal_data.erase"]

# Background loops of the server, by dotted name, and number of threads for requests
BACKGROUND_LOOPS = [
    "feedback.delivery.run",
    "feedback.insights.rollup.loop.run",
    "chatapp.retention.run",
]
THREADS = configured["THREADS"]

INSTALLED_APPS = [
    "chatapp.apps.ChatConfig",
    "feedback.apps.FeedbackConfig",
    "chatapp.apps.RapportAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    # First, since each of the others may ask for the host.
    "chatapp.middleware.answer_probes_at_any_address",
    # Next, so that errors of the other middleware are in the user's language.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chatapp.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chatapp.middleware.RequireLoginWhenGuestsDisabled",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chatapp.accounts.second_factor.StaffSecondFactor",
    "chatapp.middleware.RejectHugeNumbers",
]

ROOT_URLCONF = "chatapp.urls"
ASGI_APPLICATION = "chatapp.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chatapp.context_processors.site",
                "feedback.permissions.enabled_features",
            ],
        },
    }
]

# Accounts
AUTH_USER_MODEL = "chatapp.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "chatapp.accounts.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = configured["EMAIL_VERIFICATION"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds in which a form can be filled in
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if configured["ACCOUNT_RATE_LIMITS"] else False
# Second factors, and where staff are asked for theirs again: before exports, and before changes of
# users and their permissions. After a post they go on at the page that is named here.
STAFF_MFA = configured["STAFF_MFA"]
MFA_ADAPTER = "chatapp.accounts.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Rapport"
MFA_TOTP_TOLERANCE = 1  # periods of 30 s, for clocks that are wrong
# Who may sign in with an unconfirmed address may protect the account.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only
CONFIRMED_PAGES = {
    "admin:feedback_rating_export": "",
    "admin:feedback_rating_download": "admin:feedback_rating_export",
    "admin:auth_user_password_change": "",
} | {
    f"admin:{model}_{page}": ""
    for model in ("auth_group", "chatapp_user", "account_emailaddress", "mfa_authenticator")
    for page in ("changelist", "add", "change", "delete")
}
UNCONFIRMED_PAGES = {"admin:login", "admin:logout", "admin:jsi18n"}
# Login by an OpenID Connect provider; nothing of it is loaded if none is configured
OIDC_NAME = configured["OIDC_NAME"]
OIDC_SERVER_URL = configured["OIDC_SERVER_URL"]
OIDC_CLIENT_ID = configured["OIDC_CLIENT_ID"]
OIDC_CLIENT_SECRET = configured["OIDC_CLIENT_SECRET"]
OIDC_ID = "oidc"
OIDC = bool(OIDC_SERVER_URL and OIDC_CLIENT_ID)
if OIDC:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OIDC_ID,
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_SERVER_URL.rstrip("/")},
                }
            ],
        }
    }
    SOCIALACCOUNT_ADAPTER = "chatapp.accounts.social_adapter.SocialAdapter"
    # By a link: some browsers apply form-action of the CSP to the redirect after a form.
    SOCIALACCOUNT_LOGIN_ON_GET = True
    # The provider is trusted: e-mail addresses it has verified count as verified.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
EMAIL_CONFIG = Env.email_url_config(configured["EMAIL_URL"])
vars().update(EMAIL_CONFIG)
MAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
MAIL_IS_PRINTED = MAIL_BACKEND.endswith("console.EmailBackend")
EMAIL_BACKEND = MAIL_BACKEND if MAIL_IS_PRINTED else "chatapp.io.mail.QueuedBackend"
EMAIL_TIMEOUT = configured["EMAIL_TIMEOUT"]
DEFAULT_FROM_EMAIL = configured["DEFAULT_FROM_EMAIL"]

# Languages, time zone, files
LANGUAGE_CODE = configured["LANGUAGE_CODE"]
# Languages to choose from, each under its own name. In any other language of Django's, only
# Django's own texts are translated.
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"].capitalize())
    for code in dict.fromkeys([*configured["LANGUAGES"], LANGUAGE_CODE])
]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
FORMAT_MODULE_PATH = "chatapp.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Served only by a view that checks permissions.
MEDIA_ROOT = VAR_DIR / "media"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "chatapp.staticfiles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "servestatic.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Probes come by IP address and without TLS, past the proxy.
PROBES = ("/healthz", "/readyz", "/metrics")
SECURE_REDIRECT_EXEMPT = [f"^{path[1:]}$" for path in PROBES]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = configured["HSTS_SUBDOMAINS"]
SECURE_HSTS_PRELOAD = configured["HSTS_PRELOAD"]
# What concerns other hosts of the same domain, and a list that a domain hardly gets off again, is
# for the operator to decide: HSTS_SUBDOMAINS (W005) and HSTS_PRELOAD (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Pages of the admin with Django's own forms, whose scripts (jQuery) put HTML together from strings.
TRUSTED_TYPES_EXEMPT = {
    f"admin:{model}_{page}"
    for model in (
        "account_emailaddress",
        "auth_group",
        "chatapp_assistant",
        "chatapp_promptversion",
        "chatapp_user",
        "feedback_category",
        "feedback_reason",
        "socialaccount_socialaccount",
        "socialaccount_socialapp",
        "socialaccount_socialtoken",
    )
    for page in ("changelist", "add", "change", "delete")
}
CSRF_FAILURE_VIEW = "chatapp.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DEFAULT_EXCEPTION_REPORTER = "chatapp.observability.debug_page.MaskedReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "chatapp.observability.debug_page.MaskingFilter"

OTEL_EXPORTER_OTLP_ENDPOINT = configured["OTEL_EXPORTER_OTLP_ENDPOINT"]
OTEL_EXPORTER_OTLP_HEADERS = configured["OTEL_EXPORTER_OTLP_HEADERS"]
OTEL_SERVICE_NAME = configured["OTEL_SERVICE_NAME"]

LOG_LEVEL = configured["LOG_LEVEL"]
LIBRARIES_LOG_LEVEL = "INFO" if LOG_LEVEL == "DEBUG" else LOG_LEVEL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "chatapp.observability.log_format.TextFormatter"},
        "json": {"()": "chatapp.observability.log_format.JsonFormatter"},
    },
    "filters": {"away": {"()": "chatapp.availability.OneLineOutages"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": configured["LOG_FORMAT"],
            "filters": ["away"],
        }
    },
    # At DEBUG, libraries log headers, bodies and SQL with its values.
    "root": {"handlers": ["console"], "level": LIBRARIES_LOG_LEVEL},
    "loggers": {
        "chatapp": {"level": LOG_LEVEL},
        "feedback": {"level": LOG_LEVEL},
        # Django's own handlers would print the same lines again, as they are.
        "django": {"level": LIBRARIES_LOG_LEVEL, "handlers": []},
        "django.server": {"handlers": [], "propagate": True},
        "httpx2": {"level": "WARNING"},
        "openai": {"level": "WARNING"},
        "opentelemetry": {"level": "ERROR"},  # one line for a batch that was lost is enough
    },
}
