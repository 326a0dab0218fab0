"""A local HTTP server that imitates OpenAI behind Helicone.

It reproduces Helicone's behaviour including its pitfalls (see the tests, one per pitfall). Run it
with ``python -m sandbox``.
"""
