"""Files written whole, and mail."""
