"""The record of security: how a fact is written, and from where it came. No pages, no mails."""
