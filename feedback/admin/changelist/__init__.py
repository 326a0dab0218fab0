"""The list of rated answers: what it can be filtered by, how it is found, what a row shows."""
