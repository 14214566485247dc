"""Workbooks that come in: what a person sees in a sheet, and under which heading. Writes nothing."""
