"""One file. What differs between machines comes from the environment (see docs/operator.md)."""

import os
import tomllib
from pathlib import Path

from csp.constants import NONE, SELF

from tongxin import database

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str) -> str:
    return os.environ.get(name) or default


HOME = Path(env("TONGXIN_HOME", str(BASE_DIR / "var"))).absolute()
MODE = env("TONGXIN_MODE", "development")
DEBUG = False
DEVELOPMENT = MODE == "development"
SECRET_KEY = os.environ.get("SECRET_KEY") or database.secret(HOME, "django")
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if not DEVELOPMENT else "*").split(
    ","
)
CSRF_TRUSTED_ORIGINS = [o for o in env("TRUSTED_ORIGINS", "").split(",") if o]
PUBLIC_URL = env("PUBLIC_URL", "http://localhost:8000")
HOME_PLACE = env("TONGXIN_PLACE", "CN-421083")
AUTHORITY = env("TONGXIN_AUTHORITY", "")
PULL_ALLOW_PRIVATE = DEVELOPMENT  # whether a pull may fetch from this network
DEFAULT_DISEASE = env("TONGXIN_DISEASE", "covid-19")
SMS_URL = env("SMS_URL", "")  # the operator's gateway for texts; see docs/operator.md
SMS_TOKEN = env("SMS_TOKEN", "")
EMAIL_HOST = env("EMAIL_HOST", "")  # the mail server; without one nobody is written to
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env("EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "tongxin@localhost")
EMERGENCY_NUMBER = env("TONGXIN_EMERGENCY_NUMBER", "120")

ROOT_URLCONF = "tongxin.urls"
WSGI_APPLICATION = "tongxin.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

OURS = ["audit", "work", "places", "people", "consent", "releases", "channels"]
OURS += ["guidance", "questionnaires", "tracing", "triage", "myths", "notices", "situation"]
OURS += ["assistant", "residents", "monitoring", "portal"]
INSTALLED_APPS = [
    *(f"tongxin.{name}" for name in OURS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
MIDDLEWARE = [
    "tongxin.channels.wechat.door.WeChatDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tongxin.people.second_factor.SecondFactorMiddleware",
    "tongxin.portal.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "tongxin/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongxin.portal.context.site",
            ],
        },
    }
]

# The database: DATABASE_URL, or the embedded server under TONGXIN_HOME. `tongxin.database`
# starts that server in the door (the command, the test session); settings only address it.
# Connections are kept: opening one costs more than most requests do.
DATABASES = {
    "default": {
        **database.django_settings(HOME, os.environ.get("DATABASE_URL")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": [],
    }
}
# What the worker does by the clock: a callable (at) -> None, and every how many seconds.
SCHEDULE = {
    "tongxin.situation.tasks.run_due_pulls": 30,
    "tongxin.situation.tasks.publish_due_releases": 5,
    "tongxin.situation.tasks.build_asked_releases": 2,
    "tongxin.releases.tasks.repair_pointer": 5,
    "tongxin.releases.tasks.renew": 5,
    "tongxin.guidance.tasks.keep_hours": 30,
    "tongxin.guidance.tasks.check_links": 600,
    "tongxin.channels.tasks.deliver": 2,
    "tongxin.channels.tasks.carry_letters": 1,
    "tongxin.channels.tasks.forget_letters": 3600,
    "tongxin.channels.sms.tasks.send_texts": 1,
    "tongxin.channels.sms.tasks.forget_texts": 3600,
    "tongxin.channels.tasks.answer_wechat": 1,
    "tongxin.channels.tasks.forget_talks": 60,
    "tongxin.channels.tasks.forget_wechat": 3600,
    "tongxin.notices.tasks.ask_agencies": 15,
    "tongxin.questionnaires.tasks.forget": 3600,
    "tongxin.myths.tasks.gather": 5,
    "tongxin.myths.tasks.learn_claims": 5,
    "tongxin.assistant.tasks.read_words": 5,
    "tongxin.triage.tasks.forget": 3600,
    "tongxin.residents.tasks.forget_codes": 3600,
    "tongxin.monitoring.tasks.hand_on_late": 15,
    "tongxin.monitoring.tasks.mind_silence": 60,
    "tongxin.monitoring.tasks.remind": 20,
    "tongxin.monitoring.tasks.forget": 6 * 3600,
    "tongxin.residents.tasks.end_idle_records": 3600,
    "tongxin.consent.tasks.forget_ended": 6 * 3600,
    "tongxin.tracing.tasks.forget_settled": 6 * 3600,
    "tongxin.myths.tasks.forget_reports": 6 * 3600,
    "tongxin.releases.tasks.prune_old_releases": 6 * 3600,
}
# Vectors of our own public sentences: the same for every installation of this checkout.
VECTORS = BASE_DIR / "build/vectors"
if not os.access(VECTORS.parent, os.W_OK):
    VECTORS = HOME / "meaning"
# WeChat: the accounts' file, and where WeChat is. In development a simulator stands for it.
WECHAT_FILE = env("WECHAT_FILE", "")
WECHAT_SITE_PORT = int(env("PORT", "8000"))
WECHAT_SITE = f"http://127.0.0.1:{WECHAT_SITE_PORT}"
WECHAT_SIMULATOR_PORT = int(env("WECHAT_SIMULATOR_PORT", str(WECHAT_SITE_PORT + 99)))
WECHAT_SIMULATOR = f"http://127.0.0.1:{WECHAT_SIMULATOR_PORT}"
WECHAT_API, WECHAT_OPEN = "https://api.weixin.qq.com", "https://open.weixin.qq.com"
if DEVELOPMENT and not WECHAT_FILE:
    WECHAT_API = WECHAT_OPEN = WECHAT_SIMULATOR
# What answers a message: callables (Inbound) -> Reply | None, asked in this order; the first list
# while WeChat waits, the second by the worker. See `tongxin.channels.wechat.registry`.
WECHAT_ANSWERS = [
    "tongxin.channels.wechat.greeting.answer",
    "tongxin.monitoring.wechat.answer",
    "tongxin.assistant.wechat.danger_first",
    "tongxin.tracing.wechat.answer",
    "tongxin.myths.wechat.answer",
    "tongxin.assistant.wechat.receipt",
    "tongxin.triage.wechat.answer",
    "tongxin.assistant.wechat.answer",
]
WECHAT_ANSWERS_LATER = ["tongxin.assistant.wechat.answer_patiently"]
SMS_ANSWERS = ["tongxin.monitoring.sms.answer"]  # the same for texts: (Inbound) -> str | None
# What a release is made of besides the figures; see `tongxin.releases.parts`.
RELEASE_PARTS = [
    "tongxin.guidance.part.PART",
    "tongxin.myths.part.PART",
    "tongxin.notices.part.PART",
]

USE_TZ = True
TIME_ZONE = env("TONGXIN_TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "tongxin/locale"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build/static"
STATICFILES_DIRS = [p for p in [BASE_DIR / "frontend/dist"] if p.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
MEDIA_URL = "/files/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# Accounts: staff sign in with a password and a second factor, or by the authority's own OIDC.
AUTHENTICATION_BACKENDS = ["tongxin.people.backends.RoleBackend"]
ACCOUNT_ADAPTER = "tongxin.people.adapters.StaffOnlyAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the web server in front; guesses are counted by who asks it
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [tomllib.loads(Path(path).read_text(encoding="utf-8"))],
        }
    }
    if (path := os.environ.get("OIDC_FILE"))
    else {}
)

# Shared by the server's processes, so that failed sign-ins are counted once.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "cache" / "django",
        "OPTIONS": {"MAX_ENTRIES": 5000},  # many guessers must not push out each other's count
    }
}

WAGTAIL_SITE_NAME = "Tongxin"
WAGTAIL_AUTOSAVE_INTERVAL = 0  # a draft is a deed in the trail: it is saved when somebody says so
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_LOGIN_URL = LOGIN_URL  # Wagtail's own would ask for no second factor
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0  # a year
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"paths": {"()": "tongxin.people.log_paths.HidePaths"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["paths"]}
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"tongxin": {"level": env("LOG_LEVEL", "INFO")}},
}
SILENCED_SYSTEM_CHECKS = ["wagtailadmin.W003"]
