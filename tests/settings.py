"""The site's settings as tests see them: out of reach of anybody's .env, keys and var/.

DATABASE_URL is looked at all the same, for the run on PostgreSQL.
"""

import atexit
import hashlib
import os
import tempfile

from chatapp.configuration.table import NAMES

# What openai's client reads by itself begins so.
ours = {name for name in os.environ if name in NAMES or name.startswith("OPENAI_")}
for name in ours - {"DATABASE_URL"}:
    del os.environ[name]
VAR = tempfile.TemporaryDirectory(prefix="rapport-tests-")
atexit.register(VAR.cleanup)
os.environ |= {
    "ENV_FILE": os.devnull,
    "VAR_DIR": VAR.name,
    "DELIVER_IN_SERVER": "false",
    "TITLE_MODEL": "none",
    # All tests ask from one address.
    "GUEST_MESSAGES_PER_ADDRESS": "0",
    "GUEST_MESSAGES_PER_HOUR": "0",
    # No test may reach the real thing by accident: nothing listens on port 9.
    "HELICONE_GATEWAY_URL": "http://127.0.0.1:9/v1",
    "HELICONE_API_URL": "http://127.0.0.1:9",
}

from chatapp.settings import *  # noqa: E402, F403
from chatapp.settings import BASE_DIR, DATABASES, STORAGES  # noqa: E402

# One checkout, one name: suites of two checkouts run at once, and a killed one leaves no more.
checkout = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as the site has: in memory, two threads would find tables locked.
    DATABASES["default"]["TEST"] = {"NAME": f"{VAR.name}/test.sqlite3"}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_rapport_{checkout}"}
# Nothing is collected for a test that renders a page; the real storage runs in tests of processes.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
