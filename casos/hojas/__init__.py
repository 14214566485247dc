"""Workbooks: what a person sees in one that comes in, and under which heading; how one that goes out is written."""
