"""Numbers that are counted beforehand and never old: a tally a day, kept true by triggers.

Counting a million ratings takes seconds. So triggers of the database note what changed
(`rules.py`), `fold.py` counts the conversations anew that this leads to and puts the difference
into the tallies, and `read.py` has that done before it adds them up.
"""

from feedback.insights.rollup.triggers import begin_anew, create, drop, loosen, mend

__all__ = ["begin_anew", "create", "drop", "loosen", "mend"]
