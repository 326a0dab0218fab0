"""A random walker in a real browser: `make walk`, and a short walk among the browser tests."""
