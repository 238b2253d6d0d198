"""All settings, read from the environment with defaults that serve one machine."""

import sys
from datetime import timedelta

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lianqi.config import env

# --- home and secrets
HOME = env.home()
_kept = env.kept_secrets(HOME)
SECRET_KEY = env.text("SECRET_KEY", _kept["secret_key"])
LIANQI_FIELD_KEYS = env.words("LIANQI_FIELD_KEYS", _kept["field_key"])
LIANQI_INDEX_KEY = env.text("LIANQI_INDEX_KEY", _kept["index_key"])
LIANQI_SEAL_KEY = env.text("LIANQI_SEAL_KEY", _kept["seal_key"])
LIANQI_SEAL_FOLDER = env.text("LIANQI_SEAL_FOLDER", str(HOME / "seals"))
# The demonstration district shows its accounts on the sign-in page and asks for no second factor.
LIANQI_DEMO = env.flag("LIANQI_DEMO")
LIANQI_MFA_REQUIRED = env.flag("LIANQI_MFA_REQUIRED", default=not LIANQI_DEMO)

DEBUG = env.flag("DEBUG")
BEHIND_TLS = env.flag("LIANQI_TLS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*" if LIANQI_DEMO or DEBUG else "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}")

# --- applications, lowest room last
INSTALLED_APPS = [
    "lianqi.demo",
    "lianqi.briefings",
    "lianqi.conference",
    "lianqi.appeals",
    "lianqi.ledger",
    "lianqi.enterprises",
    "lianqi.organisation",
    "lianqi.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "ninja",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "lianqi.kernel.middleware.request_limits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "lianqi.kernel.middleware.page_errors",
    "lianqi.organisation.middleware.session_rules",
]

ROOT_URLCONF = "lianqi.config.urls"
WSGI_APPLICATION = "lianqi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(env.Path(__file__).resolve().parents[1] / "templates")],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianqi.config.navigation.page_frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "lianqi.kernel.templatetags.words",
                "lianqi.kernel.templatetags.keeping",
                "lianqi.kernel.templatetags.ui",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "lianqi.kernel.forms.Renderer"

# --- database: SQLite beside us, or whatever DATABASE_URL names
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL") or f"sqlite:///{HOME / 'lianqi.sqlite3'}", conn_max_age=0
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes the lock at once instead of failing half-way.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Fifty who write at once wait for each other: the last of them this long, on a slow disk.
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
else:
    # A connection is tried before it is used, so that a restarted server is found again at once.
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.number("LIANQI_DB_POOL", 8)}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One cache for all processes: sign-in limits must count everywhere.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
    }
}

# --- people and sessions
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "lianqi.organisation.passwords.LongEnoughValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lianqi.organisation.passwords.ThreeKindsValidator"},
    {"NAME": "lianqi.organisation.passwords.ContextWordsValidator"},
    {"NAME": "lianqi.organisation.passwords.NotTheSameValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lianqi.organisation.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/10m/key,50/10m/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "联企"
MFA_ADAPTER = "lianqi.organisation.sign_in.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("LIANQI_PROXIES", 0)

SESSION_ENGINE = "lianqi.kernel.sessions"
SESSION_COOKIE_NAME = "__Host-lianqi" if BEHIND_TLS else "lianqi"
CSRF_COOKIE_NAME = "__Host-lianqi-csrf" if BEHIND_TLS else "lianqi_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
LIANQI_IDLE_SECONDS = env.number("LIANQI_IDLE_MINUTES", 30) * 60
CSRF_FAILURE_VIEW = "lianqi.kernel.views.csrf_failure"

# --- headers
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = False
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [str(env.Path(__file__).resolve().parents[1] / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files
STATIC_URL = "static/"
STATICFILES_DIRS = [str(env.Path(__file__).resolve().parents[1] / "static")]
STATIC_ROOT = str(HOME / "static")
MEDIA_ROOT = env.text("LIANQI_FILES", str(HOME / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
# What is compressed already, and source maps, which only a developer's browser asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "jpg", "webp", "gz", "br", "woff", "woff2", "map")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600
# One request with all its files; what a single file may be is said by the feature that takes it.
LIANQI_REQUEST_MB = env.number("LIANQI_REQUEST_MB", 64)
# A slow upload holds a thread for as long as it takes: half of the threads stay free of them.
LIANQI_UPLOADS_AT_ONCE = env.number("LIANQI_UPLOADS_AT_ONCE", 4)
# From here on the administrators are told; with only the reserve left, writing is refused.
LIANQI_SPACE_ALARM_PERCENT = env.number("LIANQI_SPACE_ALARM_PERCENT", 90)
LIANQI_RESERVE_MB = env.number("LIANQI_RESERVE_MB", 256)

# --- worker: what a killed one had in hand is taken up by another after this time
LIANQI_LEASE_SECONDS = env.number("LIANQI_LEASE_SECONDS", 60)

# --- mail leaves through the outbox only
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(HOME / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "lianqi@localhost")
# Text messages are written only where a gateway delivers them; else they would pile up undelivered.
LIANQI_SMS = env.flag("LIANQI_SMS")
# Whether search engines may list the public pages (公开案例).
LIANQI_PUBLIC_INDEXED = env.flag("LIANQI_PUBLIC_INDEXED")

# --- how often: API calls of a user, a firm's filings, a person's exports of each list
LIANQI_RATE_LIMITS = {
    "api": env.text("LIANQI_RATE_API", "200/m"),
    "submit": env.text("LIANQI_RATE_SUBMIT", "20/h"),
    "export": env.text("LIANQI_RATE_EXPORT", "20/h"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
# W021: a browser's preload list binds a whole domain for years; that is not ours to decide.
SILENCED_SYSTEM_CHECKS = ["mfa.W001", "security.W021"]
