"""Hidden characters of users' texts, counted and shown."""

from chatapp.text.hidden_characters import escaped_text, hidden_count

__all__ = ["escaped_text", "hidden_count"]
