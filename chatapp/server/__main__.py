"""python -m chatapp.server: read .env, prepare what is kept, start everything, stop everything.

What can't be done is one sentence on stderr and exit status 1. Whoever starts the site with
`--follow` stops it by ending, however that happens.
"""

import os
import signal
import sys

from chatapp import configuration
from chatapp.server import listening_socket, messages
from chatapp.server.sandbox_process import SandboxProcess


def main(follow: bool) -> None:
    parent = os.getppid() if follow else None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    configured = configuration.load()
    own_socket = listening_socket.on(configured["PORT"])
    messages.print_missing_keys(configured)
    var_dir = configuration.make_folder(configuration.BASE_DIR / configured["VAR_DIR"])
    if configured["OPENAI_API_KEY"]:
        serve(own_socket, parent, None)
    else:
        with SandboxProcess(var_dir) as stand_in:
            serve(own_socket, parent, stand_in)


def serve(
    own_socket: listening_socket.ListeningSocket,
    parent: int | None,
    stand_in: SandboxProcess | None,
) -> None:
    """Imports are here and in this order: Django loads while the sandbox starts, settings after."""
    from chatapp.server import bootstrap  # loads Django

    if stand_in:
        stand_in.point_the_site_at_it()
    bootstrap.everything(own_socket.url)

    from chatapp.server.uvicorn_server import Server  # reads the settings

    Server(own_socket, parent, stand_in).run_until_stopped()


if __name__ == "__main__":
    try:
        main("--follow" in sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
