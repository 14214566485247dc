"""What the pages are made of: Jinja's environment, formats and words. No queries, no rules, no HTTP."""
