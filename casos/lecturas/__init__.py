"""Reads that cross models. No writes."""
