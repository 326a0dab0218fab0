"""Staff access to conversations: its disclosure, the reason asked for, the access log."""
