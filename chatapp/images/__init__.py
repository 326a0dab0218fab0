"""Images in a message: read and made anew, kept in private files, on their way from a form."""
