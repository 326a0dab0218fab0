"""The translations: what the code says, in each language, as .po to edit and .mo to run."""
