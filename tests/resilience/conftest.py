"""What the tests of survival share: sites without limits, and pairs of servers."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.fixtures.services import REDIS_URL
from tests.resilience.visitor import Visitor
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

NO_LIMITS = {
    "MESSAGES_PER_MINUTE": "0",
    "MESSAGES_PER_DAY": "0",
    "ANSWERS_AT_ONCE": "0",
    "STREAMS_PER_USER": "0",
}
Pair = tuple[Site, Site]


@pytest.fixture(autouse=True)
def fresh_sandbox(sandbox_server: SandboxProcess) -> SandboxProcess:
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture
def sandbox(sandbox_server: SandboxProcess) -> SandboxProcess:
    return sandbox_server


@pytest.fixture(scope="module")
def unlimited(start_site: Callable[..., Site]) -> Site:
    """The module's site, where nobody has to wait."""
    return start_site(**NO_LIMITS)


@pytest.fixture
def visitor(unlimited: Site) -> Iterator[Visitor]:
    with Visitor(unlimited.url) as visitor:
        yield visitor


@pytest.fixture
def own_site(tmp_path, stopped_site: Site, sandbox_server: SandboxProcess) -> Iterator[Site]:
    """A running site for one test, which may kill it."""
    with Site(tmp_path / "own", sandbox_server, like=stopped_site, **NO_LIMITS) as site:
        yield site.start()


@contextmanager
def two_servers(folder, like: Site, sandbox: SandboxProcess, **settings: str) -> Iterator[Pair]:
    """Two server processes on one PostgreSQL and one Redis."""
    shared = NO_LIMITS | {"REDIS_URL": REDIS_URL, "REDIS_PREFIX": f"t-{uuid.uuid4()}"} | settings
    with ExitStack() as stack:
        one = Site(folder / "one", sandbox, like=like, database_url="postgres", **shared)
        stack.enter_context(one).start()
        url = one.own_database
        two = Site(folder / "two", sandbox, like=like, database_url=url, **shared)
        yield one, stack.enter_context(two).start()


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory,
    stopped_site: Site,
    sandbox_server: SandboxProcess,
    no_postgres: str,
    no_redis: str,
) -> Iterator[Pair]:
    if why := no_postgres or no_redis:
        pytest.skip(why)
    with two_servers(tmp_path_factory.mktemp("pair"), stopped_site, sandbox_server) as servers:
        yield servers
