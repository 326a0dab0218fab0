"""The state of one sandbox, shared by all endpoints."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import FaultRules
from sandbox.limits import Windows
from sandbox.log import Log
from sandbox.settings import Settings


@dataclass
class State:
    settings: Settings
    log: Log
    fault_rules: FaultRules = field(default_factory=FaultRules)
    windows: Windows = field(default_factory=Windows)
    cache: dict[str, tuple[float, str]] = field(default_factory=dict)
    snapshots: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        """Clear requests, ratings, faults, cache and counters; settings stay."""
        self.log.reset()
        self.fault_rules.clear()
        self.windows.clear()
        self.cache.clear()
        self.snapshots.clear()
        self.calls.clear()
