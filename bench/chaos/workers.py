"""Delivery workers that are killed or stopped for seconds at random moments."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import threading

from bench.mutations.rules import ROOT

REAL = ["manage.py", "deliver_ratings"]
NAIVE = ["-m", "bench.chaos.naive_worker"]
STALL = 5.5  # seconds: longer than the lease of a query


class Workers:
    """Processes of `command`, each killed with -9 `kills` times and started again."""

    def __init__(self, command: list[str], number: int, kills: int, seed: int) -> None:
        self.command = [sys.executable, "-W", "ignore", *command]
        self.wanted = [kills] * number
        self.random = random.Random(seed)
        self.kills = self.stalls = 0
        self.killed_enough, self.end = threading.Event(), threading.Event()
        self.killing = threading.Lock()
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self.processes = [self.start() for _ in range(number)]
        self.killer = threading.Thread(target=self.disturb)

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, cwd=ROOT, stderr=self.log)

    def disturb(self) -> None:
        while any(self.wanted) and not self.end.wait(self.random.uniform(0.5, 3)):
            chosen = self.random.choice([i for i, left in enumerate(self.wanted) if left])
            if self.random.random() < 0.2:
                self.stall(chosen)
            else:
                self.kill(chosen)
        self.killed_enough.set()

    def kill(self, chosen: int) -> None:
        with self.killing:
            self.processes[chosen].kill()
            self.processes[chosen].wait()
            self.processes[chosen] = self.start()
        self.wanted[chosen] -= 1
        self.kills += 1

    def stall(self, chosen: int) -> None:
        self.processes[chosen].send_signal(signal.SIGSTOP)
        self.end.wait(STALL)
        self.processes[chosen].send_signal(signal.SIGCONT)
        self.stalls += 1

    def wait_for_kills(self) -> None:
        while not self.killed_enough.wait(1):
            self.must_live()

    def must_live(self) -> None:
        """Assert that no worker has ended by itself."""
        with self.killing:
            ended = [process.returncode for process in self.processes if process.poll() is not None]
        if ended:
            raise SystemExit(f"A worker ended by itself, with the exit status {ended[0]}.")
        if not (self.killer.is_alive() or self.killed_enough.is_set()):
            raise SystemExit("Nobody kills any more.")

    def __enter__(self) -> Workers:
        self.killer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.killer.join()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        self.log.seek(0)
        print(self.log.read()[-5000:], end="", flush=True)
