"""Settings of the test run: faster hashing, no files outside a scratch folder, plain static files."""

import os
import tempfile

os.environ.setdefault("LIANQI_HOME", tempfile.mkdtemp(prefix="lianqi-test-"))

from lianqi.config.settings import *  # noqa: E402, F403 the scratch home must be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LIANQI_MFA_REQUIRED = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
