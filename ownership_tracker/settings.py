"""Every setting, read once from the environment; the README lists the variables in one table.

With nothing set this is a clone on somebody's own machine: it uses the PostgreSQL and the Valkey that
`make run` starts beside it. As soon as DATABASE_URL is set it is an installation, and whatever is then
missing is refused at start instead of being guessed.
"""

import os
import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ownership_tracker import beat, local, logs

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
ON_OWN_MACHINE = "DATABASE_URL" not in env
# What `make run` starts, and where its web server listens.
LOCAL_STORES = [store for store, url in (("PostgreSQL", "DATABASE_URL"), ("Valkey", "REDIS_URL")) if url not in env]
WEB_HOST = env.str("WEB_HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
if not 0 < PORT < 65_536:
    raise ImproperlyConfigured("PORT is a number from 1 to 65535.")
WEB_WORKERS = env.int("WEB_WORKERS", default=os.cpu_count())
LIVE_PORT = env.int("LIVE_PORT", default=PORT + 1)
if not 0 < LIVE_PORT < 65_536 or LIVE_PORT == PORT:
    raise ImproperlyConfigured("LIVE_PORT is a number from 1 to 65535, and not PORT.")

DEBUG = env.bool("DEBUG", default=False)
if ON_OWN_MACHINE:
    SECRET_KEY = env.str("SECRET_KEY", default="") or local.secret_key()
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
else:
    SECRET_KEY = env.str("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
    if len(SECRET_KEY) < 40:
        raise ImproperlyConfigured("SECRET_KEY is too short: use 50 random characters or more.")

# Whether a proxy in front ends TLS: its word is taken for the scheme and for the address of who asks.
BEHIND_TLS = env.bool("BEHIND_TLS", default=not ON_OWN_MACHINE)
# Where browsers find the stream of changes: at an address of the pages' own, which a proxy passes on, or at
# another port of their host, whichever of its names they use.
LIVE_URL = env.str("LIVE_URL", default="/live/" if BEHIND_TLS else f":{LIVE_PORT}/live/")
if not re.fullmatch(r"((:\d{1,5})?/\S*)?", LIVE_URL):
    raise ImproperlyConfigured("LIVE_URL is a path, as /live/, or a port of the same host and a path, as :8001/live/.")

INSTALLED_APPS = [
    "ownership_tracker",
    "web",
    "phones",
    "insights",
    "handoffs",
    "tickets",
    "notices",
    "people",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "ownership_tracker.administration.Administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "ownership_tracker.logs.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.accounts.door.Door",
    "web.middleware.time_zone",
    "web.middleware.reach_stream",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "ownership_tracker.urls"
WSGI_APPLICATION = "ownership_tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.of_every_page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "web.templatetags.web"],
        },
    }
]

# PostgreSQL is the only database. Requests are not transactions: every verb is one (ATOMIC_REQUESTS
# would move the commit, and with it the check of the deferred keys, out of the verb's reach).
DATABASES = {"default": env.db_url("DATABASE_URL", default=local.database_url())}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5, **DATABASES["default"].get("OPTIONS", {})},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=local.redis_url())
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # Signing in counts there, and rather says that it cannot than waits.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# Due times are rows in PostgreSQL; the broker only carries "look now", so losing it loses nothing.
CELERY_BROKER_URL = local.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
# So a task need not be kept there until it is done; and a worker that has one which is kept cannot reconnect
# when Valkey goes away: it trips over putting it back, and ends (kombu 5.7).
CELERY_BROKER_TRANSPORT_OPTIONS = {"ack_emulation": False}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # not 100, after which, in less than an hour, a worker ends
CELERY_BEAT_SCHEDULE = beat.SCHEDULE

# On one's own machine letters are printed. An installation that forgot its mail server would tell nobody.
if ON_OWN_MACHINE:
    globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Ownership Tracker <tracker@localhost>")
else:
    globals().update(env.email_url("EMAIL_URL"))
    DEFAULT_FROM_EMAIL = env.str("MAIL_FROM")
EMAIL_TIMEOUT = 5  # seconds, for each silence of the mail server
# Let webhooks be on private networks and without TLS: for tests and development only.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
PHONE_BODIES_DAYS = env.int("PHONE_BODIES_DAYS", default=14)

AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["web.accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "web.accounts.adapters.Accounts"
ACCOUNT_FORMS = {"reset_password": "web.accounts.forms.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are kept by administrators: Person.email
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody could have us write to any address
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = False
# Many people share the address of an office, so that one may err often; a person may err five times.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/10m/key",
    "reset_password": "20/m/ip,3/10m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_TLS else 0  # the last X-Forwarded-For, as NUM_PROXIES below
# Not allauth's, which keeps a table of addresses of its own for it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60  # since it was last used; see web.accounts.door
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

MFA_ADAPTER = "web.accounts.second_factor.SecondFactor"
MFA_TOTP_ISSUER = "Ownership Tracker"
MFA_TOTP_TOLERANCE = 1  # a code is good for half a minute longer: people type, and clocks go wrong
REQUIRE_TOTP = env.str("REQUIRE_TOTP", default="nobody")
if REQUIRE_TOTP not in ("nobody", "managers", "everybody"):
    raise ImproperlyConfigured("REQUIRE_TOTP is nobody, managers or everybody.")

# Single sign-on: with an issuer there is a button for it.
SOCIALACCOUNT_ADAPTER = "web.accounts.single_sign_on.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_NAME = env.str("OIDC_NAME", default="single sign-on")
if OIDC_ISSUER:
    if not OIDC_ISSUER.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ImproperlyConfigured("OIDC_ISSUER begins with https://.")
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": OIDC_NAME,
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_CLIENT_SECRET"),
                    "settings": {
                        "server_url": OIDC_ISSUER,
                        "oauth_pkce_enabled": True,
                        "verified_email": env.bool("OIDC_TRUST_EMAIL", default=False),
                    },
                }
            ]
        }
    }
# Two clones on one machine share a host, and with it their cookies; a port tells them apart.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session_{PORT}", f"csrf_{PORT}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "web.errors.forged"

MIGRATION_MODULES = {"knox": None}  # knox's own table stays away: tokens are people.Token
KNOX_TOKEN_MODEL = "people.Token"  # noqa: S105 - a model, not a secret
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": None}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["people.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["people.api.permissions.WithinScopes"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "people.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["people.api.throttles.PerPerson", "people.api.throttles.PerAddress"],
    "NUM_PROXIES": 1 if BEHIND_TLS else 0,
    "DEFAULT_THROTTLE_RATES": {
        "person": env.str("THROTTLE_PERSON", default="1200/min"),
        "address": env.str("THROTTLE_ADDRESS", default="60/min"),
    },
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": "people.api.authentication.Nobody",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "people.api.problems.Handler",
    "EXCEPTION_FORMATTER_CLASS": "people.api.problems.Formatter",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ownership Tracker",
    "DESCRIPTION": "One complaint, one owner, all the way.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "Role": "people.roles.Role",
        "Presence": "people.models.Person.Presence",
        "CustomerValue": "tickets.models.Customer.Value",
        "ContactPointKind": "tickets.models.ContactPoint.Kind",
        "Scope": "people.roles.Scope",
        "Status": "tickets.states.Status",
        "Outcome": "tickets.states.Outcome",
        "Severity": "tickets.states.Severity",
        "Channel": "tickets.states.Channel",
        "BeganBy": "tickets.kinds.BeganBy",
        "FlagKind": "tickets.kinds.FlagKind",
        "FlagLevel": "tickets.kinds.Level",
        "FlagStatus": "tickets.kinds.FlagState",
        "HoldKind": "tickets.kinds.HoldKind",
        "HoldEnd": "tickets.kinds.HoldEnd",
        "PromiseState": "tickets.kinds.PromiseState",
        "NoticeState": "notices.models.Notice.State",
        "NoticeChannel": "notices.table.Channel",
        "NoticeKind": "notices.api.fields.KINDS",
        "HandoffKind": "handoffs.protocol.Kind",
        "HandoffState": "handoffs.protocol.State",
        "HandoffReason": "handoffs.protocol.Reason",
        "Urgency": "handoffs.protocol.Urgency",
        "HelpState": "handoffs.protocol.HelpState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "people.api.schema.add_problem",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],  # and the stream: see web.middleware
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # Asked from within, past the proxy; who sends the metrics token in clear has done so by then.
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
# A packet with its histories is a few thousand words; a megabyte is a mistake or an attack.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # served out of the packages: nothing to collect

# What Prometheus shows at /metrics; without it that address does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: use 20 random characters or more.")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR"):
    raise ImproperlyConfigured("LOG_LEVEL is DEBUG, INFO, WARNING or ERROR.")
LOGGING = logs.configure(LOG_LEVEL)
