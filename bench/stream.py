"""make bench-stream: cost of a token and of a message, and delay of a token.

PEOPLE guests begin a conversation each, within two seconds, and are told 200 tokens at 50 a second;
then the same with answers of one token, which is what a message costs. Prints medians of RUNS, and
the same of `direct`, without the site: on a busy machine only the distance between the two counts.
"""

import asyncio

from bench import people

PEOPLE, RUNS = people.number("PEOPLE", 50), people.number("RUNS", 3)
SPREAD = 2.0  # seconds in which they begin
LONG, SHORT = "200x50", "1x0"

Row = dict[str, float]


def main() -> None:
    with people.provider() as url:
        direct = asyncio.run(_direct(url))
        with people.site(url, SHORT) as site:
            short = [_run(site) for _ in range(RUNS)]
        with people.site(url, LONG) as site:
            idle = people.process_of(site).memory_info().rss / 1e6
            long = [_run(site) for _ in range(RUNS)]
            loaded = people.process_of(site).memory_info().rss / 1e6
    _show(f"direct, {PEOPLE} at once", direct)
    _show(f"site, {PEOPLE} at once", long)
    message, all_in = _middle(short, "cpu") / PEOPLE, _middle(long, "cpu")
    tokens = _middle(long, "tokens")
    print(f"CPU seconds per 1,000 tokens, all in   {all_in / tokens * 1e3:8.3f}")
    print(
        f"  of that without the messages         {(all_in - message * PEOPLE) / tokens * 1e3:8.3f}"
    )
    print(f"CPU ms a message of a new guest        {message * 1e3:8.1f}")
    print(f"resident, idle and after               {idle:8.0f} MB {loaded:6.0f} MB")


def _run(site: people.Site) -> Row:
    return asyncio.run(_through(site))


async def _through(site: people.Site) -> Row:
    return await _talk([people.Person(site.url) for _ in range(PEOPLE)], site)


async def _direct(url: str) -> list[Row]:
    return [await _talk([people.Direct(url, LONG) for _ in range(PEOPLE)]) for _ in range(RUNS)]


async def _talk(crowd: list[people.Person], site: people.Site | None = None) -> Row:
    await asyncio.gather(*(person.arrive() for person in crowd))
    before = people.cpu_seconds(site) if site else 0.0
    heard = await people.all_chat(crowd, SPREAD)
    cpu = people.cpu_seconds(site) - before if site else 0.0
    await people.all_leave(crowd)
    firsts = [one.first for one in heard]
    delays = [delay for one in heard for delay in one.delays]
    return {
        "first": people.middle(firsts),
        "first99": people.slowest(firsts),
        "delay": people.middle(delays),
        "delay99": people.slowest(delays),
        "tokens": len(delays),
        "cpu": cpu,
    }


def _middle(rows: list[Row], name: str) -> float:
    return people.middle([row[name] for row in rows])


def _show(what: str, rows: list[Row]) -> None:
    first, first99 = _middle(rows, "first"), _middle(rows, "first99")
    delay, delay99 = _middle(rows, "delay"), _middle(rows, "delay99")
    print(
        f"{what:24} first token {first:6.1f} / {first99:6.1f} ms"
        f"   a token's way {delay:6.1f} / {delay99:6.1f} ms   (p50 / p99)"
    )


if __name__ == "__main__":
    main()
