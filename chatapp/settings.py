"""One file of settings, read from the environment and from `.env`. `.env.example` explains each."""

import os
from pathlib import Path
from typing import Any

import environ
from django.conf.locale import LANG_INFO
from django.core.management.utils import get_random_secret_key

from helicone import Region

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
# An empty setting is an unset one: `PORT=` and compose files mean "the default".
env.ENVIRON = {name: value for name, value in os.environ.items() if value}

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def kept_secret_key() -> str:
    """The key made at the first start, in a file that only its owner can read."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


# The people and places this site serves
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key()
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
HTTPS = env.bool("HTTPS", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# OpenAI behind Helicone
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
HELICONE_API_KEY = env.str("HELICONE_API_KEY", default="")
REGION = Region.of_key(HELICONE_API_KEY)
HELICONE_GATEWAY_URL = env.str("HELICONE_GATEWAY_URL", default=REGION.gateway_url)
HELICONE_API_URL = env.str("HELICONE_API_URL", default=REGION.api_url)
HELICONE_APP_URL = env.str("HELICONE_APP_URL", default=REGION.app_url)
HELICONE_RATE_LIMIT_POLICY = env.str("HELICONE_RATE_LIMIT_POLICY", default="")
HELICONE_MODERATION = env.bool("HELICONE_MODERATION", default=False)
HELICONE_PROMPT_SECURITY = env.bool("HELICONE_PROMPT_SECURITY", default=False)
DEFAULT_MODEL = env.str("DEFAULT_MODEL", default="gpt-5.4-mini")
# Set by the start script when it starts the local stand-in, never by hand.
SANDBOX = env.bool("SANDBOX", default=False)
# What titles conversations after the first answer; empty: their first line does.
TITLE_MODEL = env.str("TITLE_MODEL", default="none" if SANDBOX else DEFAULT_MODEL)
TITLE_MODEL = "" if TITLE_MODEL == "none" else TITLE_MODEL

# Delivery to Helicone
DELIVER_IN_SERVER = env.bool("DELIVER_IN_SERVER", default=True)
HELICONE_TIMEOUT = env.float("HELICONE_TIMEOUT", default=10.0)
HELICONE_CONCURRENCY = env.int("HELICONE_CONCURRENCY", default=64)
HELICONE_READ_BATCH = env.int("HELICONE_READ_BATCH", default=250)
HELICONE_RATE_LIMIT = env.int("HELICONE_RATE_LIMIT", default=1000)
HELICONE_RATE_WINDOW = env.float("HELICONE_RATE_WINDOW", default=300.0)
HELICONE_SECOND_WRITE_SECONDS = env.float("HELICONE_SECOND_WRITE_SECONDS", default=600.0)
HELICONE_SEND_REASONS = env.bool("HELICONE_SEND_REASONS", default=False)
DELIVERY_LATE_SECONDS = env.float("DELIVERY_LATE_SECONDS", default=900.0)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Review, and who reads what for it
READING = env.str("READING", default="all")
READING_REASON = env.str("READING_REASON", default="whole")
# Before there were three it was true or false.
if READING_REASON.lower() in ("true", "on", "ok", "y", "yes", "1"):
    READING_REASON = "always"
elif READING_REASON.lower() in ("false", "off", "n", "no", "0"):
    READING_REASON = "never"
HIDE_NAMES = env.bool("HIDE_NAMES", default=False)
REVIEW_TWICE = env.float("REVIEW_TWICE", default=0.0)
SHOW_FIXES = env.bool("SHOW_FIXES", default=False)
# The module asked before staff read a conversation: logs it, or says why not.
READING_GUARD = "feedback.staff_access.guard"

# What people may do
GUESTS = env.bool("GUESTS", default=True)
MESSAGE_MAX_LENGTH = env.int("MESSAGE_MAX_LENGTH", default=16_000)
MESSAGES_PER_MINUTE = env.int("MESSAGES_PER_MINUTE", default=20)
MESSAGES_PER_DAY = env.int("MESSAGES_PER_DAY", default=1_000)
ANSWERS_AT_ONCE = env.int("ANSWERS_AT_ONCE", default=3)
# In characters, of which a token has about four. The oldest turns leave first.
CONTEXT_MAX_LENGTH = env.int("CONTEXT_MAX_LENGTH", default=200_000)
# Images in a message: how many, each how large, in bytes and in pixels; 0 a message turns them off
IMAGES_PER_MESSAGE = env.int("IMAGES_PER_MESSAGE", default=4)
IMAGES_PER_DAY = env.int("IMAGES_PER_DAY", default=200)
IMAGE_MAX_SIZE = env.int("IMAGE_MAX_SIZE", default=10_000_000)
IMAGE_MAX_PIXELS = env.int("IMAGE_MAX_PIXELS", default=25_000_000)
# How many of the newest go along with each question.
IMAGES_IN_CONTEXT = env.int("IMAGES_IN_CONTEXT", default=8)
# How many days a deleted conversation can be taken back.
DELETED_KEEP_DAYS = env.int("DELETED_KEEP_DAYS", default=30)
# How many hours after its last message a temporary chat is gone.
TEMPORARY_HOURS = env.int("TEMPORARY_HOURS", default=24)
# Whether answers can be rated; a group can be told that it may not.
RATINGS = env.bool("RATINGS", default=True)
# Whether what people do with an answer, besides rating it, helps to choose what to review first.
SIGNALS = env.bool("SIGNALS", default=True)


# How long an answer may take, in seconds
FIRST_TOKEN_SECONDS = env.float("FIRST_TOKEN_SECONDS", default=60)
STALL_SECONDS = env.float("STALL_SECONDS", default=30)
SHUTDOWN_SECONDS = env.float("SHUTDOWN_SECONDS", default=20)
# How long what a browser sends may take to arrive
HEADER_SECONDS = env.float("HEADER_SECONDS", default=60)
BODY_SECONDS = env.float("BODY_SECONDS", default=60)

# Where things are kept
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'rapport.sqlite3'}")
}
DATABASE = DATABASES["default"]
DATABASE["CONN_MAX_AGE"] = None
if DATABASE["ENGINE"].endswith("sqlite3"):
    # Without these three, writing at once means "database is locked".
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # Seconds, then milliseconds: a server that is gone without a word holds no thread for long.
    patience = {"connect_timeout": 5, "tcp_user_timeout": 15_000, "keepalives_idle": 15}
    DATABASE["OPTIONS"] = patience | DATABASE.get("OPTIONS", {})
REDIS_URL = env.str("REDIS_URL", default="")
# Sites that share a Redis have a prefix each.
REDIS_PREFIX = env.str("REDIS_PREFIX", default="rapport")
# Tries at signing in are counted here; several processes have to count together.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# What other apps keep of a person, for the download of all that is theirs: functions by dotted name
OWN_DATA = ["feedback.personal_data.parts"]

# Work inside the server: loops by dotted name, and how many threads answer requests
BACKGROUND_LOOPS = [
    "feedback.delivery.run",
    "feedback.insights.rollup.loop.run",
    "chatapp.retention.run",
]
THREADS = env.int("THREADS", default=8)

INSTALLED_APPS = [
    "chatapp.apps.ChatConfig",
    "feedback.apps.FeedbackConfig",
    "chatapp.apps.StaffRoomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    # First, so that whoever refuses a request does so in words that its reader knows.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chatapp.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chatapp.middleware.SignInWhereGuestsAreOff",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = (
    {} if env.bool("ACCOUNT_RATE_LIMITS", default=True) else False
)
# Signing in by an OpenID Connect provider, of which nothing is loaded where none is named
OIDC_NAME = env.str("OIDC_NAME", default="Single sign-on")
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
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
    # A link: a form's way elsewhere would be stopped by our own policy, in some browsers.
    SOCIALACCOUNT_LOGIN_ON_GET = True
    # Chosen by who runs the site: what it has confirmed, such as an email, is believed.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
MAIL_IS_PRINTED = EMAIL_CONFIG["EMAIL_BACKEND"].endswith("console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="rapport@localhost")

# Words, times, files
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
TRANSLATED = ["en", "de", "es", "fr", "zh-hans"]
# What people can choose from, each under its own name. Django knows more languages than ours: in
# those, what it says itself is translated, and what this site says is English.
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"].capitalize())
    for code in dict.fromkeys([*env.list("LANGUAGES", default=TRANSLATED), LANGUAGE_CODE])
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
# Served by a view that asks who reads, and by nothing else.
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

# Safety
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "chatapp.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"away": {"()": "chatapp.availability.InALine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["away"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"httpx2": {"level": "WARNING"}, "openai": {"level": "WARNING"}},
}
