"""make bench-start: time until the first page, and memory of an idle site.

Prints medians of RUNS starts of a site that has been started before. Seconds are from the start
of the process to the last byte of the first page; megabytes are what is resident IDLE seconds
after it. `python -c "import django"`, timed in between, tells a slow machine from a slow start.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

RUNS, IDLE = 5, 2.0
MAX_SECONDS, MAX_MB = 1.5, 120


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, SandboxProcess() as sandbox:
        with Site(Path(folder, "with-keys"), sandbox) as site:
            with_keys = _measure(site)
        with Site(Path(folder, "newcomer")) as site:
            newcomer = _measure(site)
    _show("python -c 'import django'", with_keys["django"], None)
    _show("a site with keys", with_keys["seconds"], with_keys["mb"])
    _show("a site with its own sandbox", newcomer["seconds"], newcomer["mb"])
    print(f"  of that, the sandbox                    {newcomer['child_mb']:6.1f} MB")
    print(f"as often as Django fits in the time      {with_keys['ratio']:6.1f}")
    good = max(with_keys["seconds"], newcomer["seconds"]) <= MAX_SECONDS
    good = good and with_keys["mb"] <= MAX_MB and newcomer["site_mb"] <= MAX_MB
    print("Within" if good else "NOT within", f"{MAX_SECONDS} s and {MAX_MB} MB a site.")
    return 0 if good else 1


def _measure(site: Site) -> dict[str, float]:
    site.start()
    site.stop()
    rows = [_one_start(site) for _ in range(RUNS)]
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def _one_start(site: Site) -> dict[str, float]:
    django = _seconds_of_bare_django()
    began = time.perf_counter()
    site.launch()
    _first_page(f"http://127.0.0.1:{site.environment['PORT']}/")
    seconds = time.perf_counter() - began
    time.sleep(IDLE)
    memory = _resident(site)
    site.stop(signal.SIGINT)
    return memory | {"seconds": seconds, "django": django, "ratio": seconds / django}


def _first_page(url: str) -> None:
    """Request the home page, retrying until the site listens."""
    with httpx2.Client(trust_env=False, timeout=30) as client:
        while True:
            try:
                client.get(url).raise_for_status()
                return
            except httpx2.ConnectError:
                time.sleep(0.002)


def _resident(site: Site) -> dict[str, float]:
    assert site.process
    own = psutil.Process(site.process.pid)
    mb, child = own.memory_info().rss / 1e6, sum(p.memory_info().rss / 1e6 for p in own.children())
    return {"mb": mb + child, "site_mb": mb, "child_mb": child}


def _seconds_of_bare_django() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django"], env=os.environ, check=True)
    return time.perf_counter() - began


def _show(what: str, seconds: float, mb: float | None) -> None:
    memory = "" if mb is None else f"{mb:7.1f} MB"
    print(f"{what:40} {seconds:6.3f} s{memory}")


if __name__ == "__main__":
    sys.exit(main())
