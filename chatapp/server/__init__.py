"""Everything `make run` does once `.venv` is there; `__main__` is its table of contents."""
