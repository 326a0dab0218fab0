"""English date formats: the month as a word and 24 hours, unambiguous in any country."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
