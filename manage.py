#!/usr/bin/env python
"""Django's command line for Rapport.

What ends a command unexpectedly goes to the log, as in the server, so without secrets and words of
users; the exit status is 1.
"""

import logging
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatapp.settings")
    from django.conf import settings
    from django.core.management import CommandError, execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except CommandError:
        raise  # with --traceback: whoever types that wants to see it
    except Exception:
        if not settings.configured:
            raise  # the log needs the settings
        name = " ".join(sys.argv[1:2])
        logging.getLogger("manage").critical("The command %s failed.", name, exc_info=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
