"""The panel of area managers (D§6): Django's admin. Wiring; acts on a case go through the door."""
