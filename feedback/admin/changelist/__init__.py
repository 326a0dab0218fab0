"""The list of rated answers: pages, columns, filters, saved filters, facets."""
