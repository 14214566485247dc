"""Printed documents: what they say, as plain data, and how that becomes a PDF. No requests, no mail."""
