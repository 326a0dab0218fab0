"""Review of rated answers: queue, decision, second opinion, bulk changes, undo."""
