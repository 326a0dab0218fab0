"""Staff access to conversations: disclosure to users, reasons, access log."""
