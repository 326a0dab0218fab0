"""Words and phrases of the chat's full-text search, and its column type on PostgreSQL."""

from chatapp.search import MAX_LENGTH, MAX_WORDS, UNSPACED, as_uuid, words_of
from chatapp.search.postgresql import VECTOR

__all__ = ["MAX_LENGTH", "MAX_WORDS", "UNSPACED", "VECTOR", "as_uuid", "words_of"]
