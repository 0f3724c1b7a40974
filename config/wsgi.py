"""The door for web servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from problems.unread import reading_to_the_end

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = reading_to_the_end(get_wsgi_application())

# What was loaded to start stays: the search for rings of garbage passes it over, and comes less often than after every
# 700 objects, of which a request makes thousands.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
