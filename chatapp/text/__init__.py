"""Characters of texts: which are refused, repaired or shown as marks."""
