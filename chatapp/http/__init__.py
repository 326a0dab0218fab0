"""HTTP layer: the ASGI handler and the reading of request bodies."""
