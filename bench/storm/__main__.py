"""make storm: CONVERSATIONS=200 SECONDS=120 SERVERS=1 SEED=…; exits non-zero if anything is lost.

One server has SQLite and streams in memory; two share PostgreSQL and Redis. The last line says
how many answers there are, how many are neither complete nor labelled, how many accepted prompts
are gone, how many answers, stored or shown, differ from what the provider sent, and how many
questions that were sent again on a broken connection are there twice.
"""

import os
import sys
import time

from bench.storm.run import Storm


def main() -> int:
    settings = {
        "conversations": int(os.environ.get("CONVERSATIONS") or 200),
        "seconds": float(os.environ.get("SECONDS") or 120),
        "servers": int(os.environ.get("SERVERS") or 1),
    }
    seed = os.environ.get("SEED") or str(time.time_ns() % 1_000_000)
    print(f"SEED={seed} " + " ".join(f"{k.upper()}={v:g}" for k, v in settings.items()), flush=True)
    began = time.monotonic()
    storm = Storm(seed=seed, **settings)  # type: ignore[arg-type]
    count = storm.run()
    print("\n".join(count.findings[:40]))
    print("people:  ", ", ".join(f"{n} {what}" for what, n in storm.notes.happened.most_common()))
    print("weather: ", ", ".join(f"{n} {what}" for what, n in storm.happened.most_common()))
    print("answers: ", ", ".join(f"{n} {what}" for what, n in count.statuses.most_common()))
    print("ratings: ", f"{len(storm.notes.rated)} accepted, {count.ratings_lost} lost")
    print("log:     ", storm.complaints or "no traceback")
    print(f"took {time.monotonic() - began:.0f} s")
    print(count)
    return 0 if count.is_good and not storm.complaints else 1


if __name__ == "__main__":
    sys.exit(main())
