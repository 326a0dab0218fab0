"""Faults of the servers: kill -9, and the SIGTERM of a deployment."""

import random
import threading
from collections import Counter
from collections.abc import Sequence

from tests.site_process import Site


class Weather(threading.Thread):
    """Kills and restarts one server after the other about every `pause` seconds, until `over`."""

    def __init__(self, sites: Sequence[Site], seed: str, pause: float) -> None:
        super().__init__(name="weather")
        self.sites, self.rng, self.pause = sites, random.Random(seed), pause
        self.over = threading.Event()
        self.happened: Counter[str] = Counter()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.over.wait(self.pause * self.rng.uniform(0.5, 1.5)):
                self.strike(self.rng.choice(self.sites))
        except BaseException as error:
            self.failure = error

    def strike(self, site: Site) -> None:
        if self.rng.random() < 0.6:
            self.happened["kill -9"] += 1
            site.kill()
        else:
            self.happened["SIGTERM"] += 1
            status = site.stop()
            assert status == 0, site.log[-3000:]
        self.over.wait(self.rng.uniform(0, 1.5))
        site.start()

    def end(self) -> None:
        self.over.set()
        self.join()
        if self.failure:
            raise self.failure
