"""The floor: what a plain engineer writes with bare Django for the same kinds of page.

A project of its own: sessions, login, CSRF, one indexed table with its notes, plain templates. It is
neither tuned nor crippled: base template, navigation, reversed URLs, 25 rows of six columns, keyset
pages, a form with its token, ``select_related``, an index per query.
"""
