"""Rollup of ratings: daily counts that are never stale, maintained with database triggers.

Counting a million ratings takes seconds. So triggers record what changed (`triggers.py`),
`update.py` recounts the conversations concerned and adds the differences to the daily counts, and
`read.py` runs such an update before it sums them up.
"""

from feedback.insights.rollup.triggers import (
    create,
    disable_triggers,
    drop,
    recount_all,
    repair_triggers,
)

__all__ = ["recount_all", "create", "drop", "disable_triggers", "repair_triggers"]
