"""python -m chatapp.server: read .env, prepare database and files, run the site until stopped.

An error is one sentence on stderr and exit status 1. With `--follow` the site stops when its
parent process ends, however that happens.
"""

import os
import signal
import sys

from chatapp import configuration
from chatapp.configuration.combinations import has_provider
from chatapp.server import listening_socket, messages
from chatapp.server.sandbox_process import SandboxProcess


def main(follow: bool) -> None:
    parent = os.getppid() if follow else None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    configured = configuration.load()
    listening = listening_socket.listen(configured["PORT"])
    messages.print_missing(configured)
    var_dir = configuration.make_folder(configuration.BASE_DIR / configured["VAR_DIR"])
    if has_provider(configured.values):
        serve(listening, parent, None)
    else:
        with SandboxProcess(var_dir) as sandbox:
            serve(listening, parent, sandbox)


def serve(
    listening: listening_socket.ListeningSocket,
    parent: int | None,
    sandbox: SandboxProcess | None,
) -> None:
    """Prepare and run the site. Imports are local: Django loads while the sandbox starts, and the
    settings after it."""
    from chatapp.server import bootstrap  # loads Django

    if sandbox:
        sandbox.configure_site()
    bootstrap.prepare(listening.url)

    from chatapp.server.uvicorn_server import Server  # reads the settings

    Server(listening, parent, sandbox).run_until_stopped()


if __name__ == "__main__":
    try:
        main("--follow" in sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
