"""What `make run` starts, from `.env` to the listening web server; see `__main__`."""
