"""Entry of the floor; its table is made and filled at the first start."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")
application = get_wsgi_application()
