"""Clients and contracts that come in by a workbook: previewed without writing, saved in batches."""
