"""Images of messages: uploads, re-encoding, private storage, responses."""
