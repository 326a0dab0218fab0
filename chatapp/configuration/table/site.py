"""Settings of the site as a server: address, storage, mail, time limits, log."""

from chatapp.configuration import kinds
from chatapp.configuration.setting import Section, Setting

ADDRESS = Section(
    "Where the site is, and who may come",
    (
        Setting(
            "PORT",
            kinds.PORT,
            "8000",
            "Port on 127.0.0.1. The site listens there only: a proxy with TLS shows it to others.",
        ),
        Setting(
            "ALLOWED_HOSTS",
            kinds.HOSTS,
            "127.0.0.1,localhost,[::1]",
            "Host names that the site answers to, with commas between them.",
            stops=True,
        ),
        Setting(
            "HTTPS",
            kinds.BOOLEAN,
            "false",
            "true: users reach the site by https:// through a proxy that sets X-Forwarded-Proto."
            " Cookies then travel over https only, and browsers are told to remember that for a"
            " year.",
            stops=True,
        ),
        Setting(
            "HSTS_SUBDOMAINS",
            kinds.BOOLEAN,
            "false",
            "true, with HTTPS: browsers use https only for all hosts below this one too.",
        ),
        Setting(
            "HSTS_PRELOAD",
            kinds.BOOLEAN,
            "false",
            "true, with HTTPS: browsers may list this host as https only before any visit."
            " A domain hardly gets off that list again.",
        ),
        Setting(
            "SITE_URL",
            kinds.SITE_ADDRESS,
            "",
            "Address of this site in the links of its mail, such as https://rapport.example."
            " Without it they lead to the host that the request named, one of ALLOWED_HOSTS.",
            stops=True,
        ),
        Setting(
            "TRUSTED_PROXIES",
            kinds.SIZE,
            "0",
            "How many proxies a request passes before it gets here; HTTPS=true means at least one."
            " Each adds the address it was asked from to X-Forwarded-For: this many from the right"
            " is the user's, by which limits count. With 0 such headers are ignored.",
        ),
        Setting(
            "CSRF_TRUSTED_ORIGINS",
            kinds.ORIGINS,
            "",
            "Further origins that may post forms, each with its scheme, with commas between them.",
        ),
        Setting(
            "GUESTS",
            kinds.BOOLEAN,
            "true",
            "true: visitors chat without signing up."
            " What a guest wrote comes along when signing up later. false sends visitors to sign in,"
            " and closes guests' conversations until they do.",
            stops=True,
        ),
        Setting(
            "ACCOUNT_RATE_LIMITS",
            kinds.BOOLEAN,
            "true",
            "false: no limits on signing up and in."
            " For measuring, never where others can reach the site.",
        ),
        Setting(
            "DEBUG",
            kinds.BOOLEAN,
            "false",
            "true: errors are shown with all their details to everybody."
            " Never where others can reach the site.",
        ),
        Setting(
            "SECRET_KEY",
            kinds.SECRET_KEY,
            "",
            "Signs sessions and links; at least 32 characters.",
            computed="made at the first start, kept in `VAR_DIR`",
            stops=True,
        ),
    ),
)
SIGN_IN = Section(
    "Single sign-on by an OpenID Connect provider, next to passwords",
    (
        Setting(
            "OIDC_SERVER_URL",
            kinds.WEB_ADDRESS,
            "",
            "Address of the provider: what comes before /.well-known/openid-configuration."
            " It sends users back to https://THIS.SITE/accounts/oidc/login/callback/. A user whose"
            " email it has confirmed gets into the account that has this email here.",
        ),
        Setting("OIDC_CLIENT_ID", kinds.TEXT, "", "Id of this site at the provider."),
        Setting("OIDC_CLIENT_SECRET", kinds.TEXT, "", "Secret of this site at the provider."),
        Setting("OIDC_NAME", kinds.TEXT, "Single sign-on", "Name on the button."),
    ),
)
STORAGE = Section(
    "Where data are kept",
    (
        Setting(
            "VAR_DIR",
            kinds.TEXT,
            "var",
            "Folder of data: SQLite, images, secret key, static files, the sandbox's log."
            " Several servers share its folder media.",
        ),
        Setting(
            "DATABASE_URL",
            kinds.DATABASE,
            "",
            "postgres://USER:PASSWORD@HOST:5432/NAME, or sqlite:////absolute/path.sqlite3.",
            computed="SQLite in `VAR_DIR`",
            stops=True,
        ),
        Setting(
            "REDIS_URL",
            kinds.REDIS,
            "",
            "redis://HOST:6379/0 carries running answers between several server processes."
            " One process needs none.",
            stops=True,
        ),
        Setting(
            "REDIS_PREFIX",
            kinds.TEXT,
            "rapport",
            "First part of every name in Redis. Sites that share a Redis have one each.",
        ),
    ),
)
MAIL = Section(
    "Mail",
    (
        Setting(
            "EMAIL_URL",
            kinds.MAIL_SERVER,
            "consolemail://",
            "smtp+tls://USER:PASSWORD@HOST:587 sends mail; consolemail:// prints it in the terminal."
            " Printed mail includes links for a new password, and the pages about it say so.",
        ),
        Setting(
            "EMAIL_TIMEOUT",
            kinds.SECONDS,
            "10",
            "Longest wait for the mail server, in seconds."
            " Then the mail is dropped, the log says so, and pages say that mail may not arrive.",
        ),
        Setting("DEFAULT_FROM_EMAIL", kinds.SENDER_ADDRESS, "rapport@localhost", "Sender of mail."),
        Setting(
            "EMAIL_VERIFICATION",
            kinds.choice("none", "optional", "mandatory"),
            "optional",
            "Whether a new email address must be confirmed: none, optional, mandatory."
            " Only with mandatory does signing up not tell who has an account already; it needs an"
            " EMAIL_URL that sends mail.",
            stops=True,
        ),
    ),
)
SERVER = Section(
    "Time limits in seconds, threads, log",
    (
        Setting(
            "FIRST_TOKEN_SECONDS",
            kinds.SECONDS,
            "60",
            "Longest wait for the first text or thinking of an answer; then the answer has failed.",
        ),
        Setting(
            "STALL_SECONDS",
            kinds.SECONDS,
            "30",
            "Longest wait between two pieces of text or thinking; then the answer has failed.",
        ),
        Setting(
            "THINKING_SECONDS",
            kinds.SECONDS,
            "600",
            "Longest time for which a model may think without writing; then the answer has failed.",
        ),
        Setting(
            "SHUTDOWN_SECONDS",
            kinds.SECONDS_OR_NONE,
            "20",
            "For so long a stopping server lets running answers end; the rest is interrupted."
            " Ctrl-C twice waits for nothing. What stops the server from outside must wait at least"
            " as long.",
        ),
        Setting(
            "HEADER_SECONDS",
            kinds.SECONDS,
            "60",
            "Longest time for the headers of a request to arrive.",
        ),
        Setting(
            "BODY_SECONDS",
            kinds.SECONDS,
            "60",
            "Longest time for the body of a request to arrive.",
        ),
        Setting(
            "THREADS",
            kinds.COUNT,
            "8",
            "Requests answered at the same time, each with its own database connection.",
        ),
        Setting(
            "LOG_LEVEL",
            kinds.choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
            "INFO",
            "DEBUG, INFO, WARNING, ERROR or CRITICAL. No level logs what users write.",
        ),
        Setting(
            "LOG_FORMAT",
            kinds.choice("text", "json"),
            "text",
            "text: lines for people; json: one object a line, for programs.",
        ),
    ),
)
TRACES = Section(
    "Traces by OpenTelemetry: a span of each request, and of each call to the provider and Helicone",
    (
        Setting(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            kinds.WEB_ADDRESS,
            "",
            "Address of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318."
            " Without it no span is made. What users write is in none.",
        ),
        Setting(
            "OTEL_EXPORTER_OTLP_HEADERS",
            kinds.HEADERS,
            "",
            "Headers that the collector wants, as in NAME=VALUE, with commas between them.",
        ),
        Setting("OTEL_SERVICE_NAME", kinds.TEXT, "rapport", "Name of this site in traces."),
    ),
)
