"""Settings of the servers that the faults are done to: the product's own, with a fast password hash."""

from lianqi.config import env
from lianqi.config.settings import *  # noqa: F403 the product's own, nearly whole

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LIANQI_MFA_REQUIRED = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if env.flag("FAULT_POISON"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.poison.PoisonConfig"]  # noqa: F405
