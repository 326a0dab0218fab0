"""make bench-rate: ratings per second, and the cost of one.

One person, then PEOPLE at once, click a thumb up and down again for SECONDS. Prints medians of RUNS.
"""

import asyncio
import itertools
import time

from bench import people

PEOPLE, RUNS = people.number("PEOPLE", 50), people.number("RUNS", 3)
SECONDS = people.number("SECONDS", 4)

Row = tuple[float, float, float, float]


def main() -> None:
    with people.provider() as url, people.site(url, "1x0") as site:
        for count in (1, PEOPLE):
            rows = [asyncio.run(_click(site, count)) for _ in range(RUNS)]
            rate, p50, p99, cpu = (
                people.middle(list(column)) for column in zip(*rows, strict=True)
            )
            print(
                f"{count:3} at once {rate:7.1f} ratings/s {p50:7.1f} / {p99:7.1f} ms (p50 / p99)"
                f" {cpu:6.2f} CPU ms each"
            )


async def _click(site: people.Site, count: int) -> Row:
    crowd = [people.Person(site.url) for _ in range(count)]
    await asyncio.gather(*(person.arrive() for person in crowd))
    await people.all_chat(crowd, 1)
    before, began = people.cpu_seconds(site), time.monotonic()
    taken = await asyncio.gather(*(_clicks(person, began + SECONDS) for person in crowd))
    seconds, cpu = time.monotonic() - began, people.cpu_seconds(site) - before
    await people.all_leave(crowd)
    times = list(itertools.chain(*taken))
    return len(times) / seconds, people.middle(times), people.slowest(times), cpu / len(times) * 1e3


async def _clicks(person: people.Person, until: float) -> list[float]:
    times = []
    for value in itertools.cycle((1, -1)):
        began = time.monotonic()
        if began > until:
            return times
        await person.rate(value)
        times.append((time.monotonic() - began) * 1e3)
    return times


if __name__ == "__main__":
    main()
