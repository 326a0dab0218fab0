"""A local stand-in for OpenAI behind Helicone, spoken to over real HTTP.

It imitates Helicone's behaviour including its traps (see the tests, one per trap), so that
whatever survives here survives there. Run it with ``python -m sandbox``.
"""
