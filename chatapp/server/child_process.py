"""python -m chatapp.server.child_process MODULE ARGUMENTS: run a module that ends with its parent.

Its stdin is a pipe whose other end only the parent holds. The system closes that end when the
parent ends, by kill -9 too, and reading then returns the end of file.
"""

import os
import runpy
import signal
import sys
import threading
import time

SECONDS_TO_STOP = 3


def exit_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_STOP)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=exit_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
