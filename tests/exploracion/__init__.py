"""The flow explored: the real door driven breadth-first over abstract states, in several worlds.

``python -m tests.exploracion --mundo ordinario --estados 3000``. What it asks in each state and on each
edge, and the figures of the long form: ``docs/exploracion.md``. The short form is
``tests/test_exploracion.py``.

``memoria``: the database in memory and the clock. ``mundos``: who is there, and how a case begins.
``ofertas``: what each act is given. ``abstracto``: which cases count as one state. ``elenco`` and
``quien``: the table of D§2, by hand. ``bandejas``: who has a move. ``aristas``: what holds on every
edge. ``motor``: the search. ``salidas``: from where an end is reached.
"""
