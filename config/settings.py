"""Every setting of Rubricator, read from the environment and from nowhere else."""

import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"


def _flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _services(words: list[str]) -> dict[str, str]:
    """`Name=https://address` in each word: name → address."""
    named = {name.strip(): address.strip() for name, _, address in (word.partition("=") for word in words)}
    for name, address in named.items():
        if not name or not address.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"“{name}={address}” is not of the form Name=https://address.")
    return named


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: Rubricator does not start in production without it.")
    return value


PRODUCTION = os.environ.get("RUBRICATOR_ENV", "development") == "production"
TESTING = _flag("RUBRICATOR_TESTING", default=False)
DEBUG = False
DATA = Path(os.environ.get("RUBRICATOR_DATA", ROOT / "var"))
SAMPLES = Path(os.environ.get("RUBRICATOR_SAMPLES", ROOT.parent / "shared" / "data"))
SITE_URL = os.environ.get("RUBRICATOR_SITE_URL", "http://localhost:8000").rstrip("/")


def _secret_key() -> str:
    """The key from the environment; outside production, one made once and kept in the data folder."""
    if PRODUCTION or os.environ.get("RUBRICATOR_SECRET_KEY"):
        return _required("RUBRICATOR_SECRET_KEY")
    if TESTING:
        return secrets.token_urlsafe(48)
    path = DATA / "secret-key"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _words("RUBRICATOR_HOSTS", "" if PRODUCTION else "*")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- services -------------------------------------------------------------------------------------
_running = None if PRODUCTION else embedded.running(DATA)
DATABASE_URL = (
    _required("DATABASE_URL")
    if PRODUCTION
    else os.environ.get("DATABASE_URL") or (_running.database if _running else "postgresql:///rubricator")
)
REDIS_URL = (
    _required("REDIS_URL")
    if PRODUCTION
    else os.environ.get("REDIS_URL") or (_running.redis if _running else "redis://localhost:6379")
)
_database = dj_database_url.parse(DATABASE_URL)
PLACES_AT_WORK = int(os.environ.get("RUBRICATOR_POOL", "4"))
PLACES_IN_LINE = int(os.environ.get("RUBRICATOR_LINE", "6"))
_pool = {"pool": {"min_size": 1, "max_size": PLACES_AT_WORK, "timeout": 20}}
# A statement is planned once a connection and not with every request, which halves what the database works. Behind a
# pooler that changes the connection between transactions and does not know prepared statements: 0.
_prepared = {
    "server_side_binding": True,
    "prepare_threshold": 2 if _flag("RUBRICATOR_PREPARE", default=True) else None,
}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "config.database",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_database.get("OPTIONS", {}), **_prepared, **({} if TESTING else _pool)},
    }
}


def _redis(database: int, *, celery: bool) -> str:
    """One of the broker's numbered databases, for a TCP URL or for the path of a Unix socket."""
    if REDIS_URL.startswith(("unix://", "redis+socket://")):
        path = REDIS_URL.split("://", 1)[1].split("?")[0]
        path = path if "%" in path else quote(path)
        return f"redis+socket://{path}?virtual_host={database}" if celery else f"unix://{path}?db={database}"
    return f"{REDIS_URL.rstrip('/')}/{database}"


CELERY_BROKER_URL = _redis(0, celery=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "socket_connect_timeout": 5, "max_retries": 3}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "work.sweep", "schedule": 20.0},
    # Finds watched sources whose day or week is over; the looks themselves are jobs in the queue `fetch`.
    "watch": {"task": "annotation.watch", "schedule": 900.0},
    # Opens and closes campaigns whose time has come; that a closed one gives nothing out does not wait for it.
    "campaigns": {"task": "campaigns.schedule", "schedule": 60.0},
    # Sends what webhooks are to be told, and again what did not arrive.
    "webhooks": {"task": "campaigns.webhooks", "schedule": 10.0},
    # Deletes the files of people's own data whose time is over; that they are refused then does not wait for it.
    "exports": {"task": "campaigns.forget-exports", "schedule": 3600.0},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis(1, celery=False),
        "TIMEOUT": 300,
    }
}

# --- the house ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "frontend",
    "campaigns",
    "annotation",
    "taxonomy",
    "work",
    "accounts",
    "problems",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
    "django_vite",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.static_files.StaticFiles",
    "problems.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "problems.admission.Admission",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.Authentication",
    "accounts.middleware.PreferredLanguage",
    "accounts.reading.ReadingLanguages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "annotation.middleware.ForgetViewers",
    "annotation.middleware.StayWithOpener",
    "django_htmx.middleware.HtmxMiddleware",
    "problems.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",
    ]
)
ANONYMOUS_USER_NAME = None  # guardian's shared anonymous row is not used: visitors are never users
GUARDIAN_RAISE_403 = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("RUBRICATOR_EMAIL_VERIFICATION", "optional")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS: dict[str, str] | Literal[False] = False if TESTING else {}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = not TESTING
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "accounts.lockout.name_of"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.refuse"
EMAIL_BACKEND = os.environ.get(
    "RUBRICATOR_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_HOST = os.environ.get("RUBRICATOR_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("RUBRICATOR_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("RUBRICATOR_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RUBRICATOR_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("RUBRICATOR_SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("RUBRICATOR_FROM", "rubricator@localhost")

# --- languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- the API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.authentication.ScopeAllows"],
    "DEFAULT_RENDERER_CLASSES": ["problems.api.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["problems.api.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "problems.api.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "problems.api.Pages",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "problems.api.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rubricator",
    "DESCRIPTION": "IIIF canvases in, campaigns and models in the middle, citable ground truth out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "BulkVerdict": "campaigns.actions.bulk.VERDICTS",
        "CampaignRole": "accounts.roles.Role",
        "CampaignStatus": "campaigns.models.Campaign.Status",
        "ClaimReason": "campaigns.api.serializers.claiming.CLAIM_REASONS",
        "ConceptStatus": "taxonomy.models.Concept.Status",
        "WorkState": "work.models.Job.State",
        "LabelKind": "taxonomy.models.Label.Kind",
        "LayerKind": "annotation.models.Layer.Kind",
        "NoteKind": "taxonomy.models.Note.Kind",
        "QuestionKind": "campaigns.api.serializers.questions.QUESTION_KINDS",
        "ProposalState": "taxonomy.models.Proposal.State",
        "ReportReason": "campaigns.models.Report.Reason",
        "RelationKind": "taxonomy.models.Relation.Kind",
        "SourceImportKind": "annotation.models.SourceImport.Kind",
        "TaskState": "campaigns.models.Task.State",
    },
    "COMPONENT_SPLIT_REQUEST": True,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# Outside production files are served from where they lie, and nothing needs to be collected.
STATIC_ROOT = Path(os.environ.get("RUBRICATOR_STATIC", ROOT / "staticfiles")) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
# What Vite names by its content never changes; what keeps its name, as `embed.js` does, is asked for again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/workbench/assets/[^/]+-[\w-]{8}\.\w+$"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "workbench",
        "manifest_path": ROOT / "frontend" / "static" / "workbench" / "manifest.json",
    }
}

# --- safety ---------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "problems.middleware.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# The viewer opens an institution's sign-in and must notice when its window is closed.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # IIIF images come from the institutions themselves.
        "img-src": [SELF, "data:", "blob:", "https:", "http:"],
        "connect-src": [SELF, "https:", "http:"],
        # The token service of an institution's login answers in a hidden frame (IIIF Authorization Flow 2.0,
        # section 4.2). Which institution that is stands in its manifest; what it sends us is data, never script.
        "frame-src": [SELF, "https:", "http:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Private hosts that the guarded client may reach on purpose, as host or host:port.
RUBRICATOR_ALLOWED_HOSTS_PRIVATE = _words("RUBRICATOR_ALLOWED_HOSTS_PRIVATE")
# Where concepts can be looked up, and further services that speak the W3C Reconciliation Service API.
RUBRICATOR_AUTHORITIES = _words("RUBRICATOR_AUTHORITIES", "wikidata,gbif,aat,gnd,iconclass")
RUBRICATOR_RECONCILIATION = _services(_words("RUBRICATOR_RECONCILIATION"))
RUBRICATOR_USER_AGENT = f"Rubricator/{VERSION} (+{SITE_URL})"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "accounts.secrecy.SecretsHidden", "format": "%(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"pyvips": {"level": "WARNING"}, "celery": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("RUBRICATOR_LOG", "INFO")},
}
