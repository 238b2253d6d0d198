"""Settings of the test run: fast hashing, a scratch folder for files, plain static files."""

import os
import tempfile

os.environ.setdefault("LIANQI_HOME", tempfile.mkdtemp(prefix="lianqi-test-"))

from lianqi.config.settings import *  # noqa: F403 the scratch home must be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LIANQI_MFA_REQUIRED = False
# How full the disk is on which the tests run is nobody's business.
LIANQI_SPACE_ALARM_PERCENT = 101
LIANQI_RESERVE_MB = 0
# What is drawn by lot must not depend on the run: this key draws none of a test's first appeals.
LIANQI_INDEX_KEY = "ff" * 32
(HOME / "static").mkdir(exist_ok=True)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of a test then have connections of their own, as in service.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    # As in service, but without waiting for the disk.
    OPTIONS = DATABASES["default"]["OPTIONS"]
    OPTIONS["init_command"] = OPTIONS["init_command"].replace("=FULL", "=OFF")
