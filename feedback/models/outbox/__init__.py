"""The outbox: deliveries of ratings to Helicone, their state machine and circuit breaker."""
