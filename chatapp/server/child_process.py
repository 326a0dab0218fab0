"""python -m chatapp.server.child_process MODULE ARGUMENTS: run a module that can't outlive its starter.

Its stdin is a pipe whose other end only the starter holds. The system closes that end when the
starter ends, by kill -9 too, and reading then gives an end of file.
"""

import os
import runpy
import signal
import sys
import threading
import time

SECONDS_TO_STOP = 3


def stop_with_the_starter() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_STOP)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=stop_with_the_starter, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
