"""Dates as the screens write them; Django's es-mx spells «5 de Diciembre» with a capital."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d/m/Y H:i"
