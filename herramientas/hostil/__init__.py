"""Hostile requests by the thousand against the real product, each answer judged.

``cable`` speaks HTTP by hand, ``puertas`` finds what there is to attack (addresses by the resolver, forms on the
pages), ``maldades`` holds the values, ``clases`` makes requests of them, ``juez`` looks at each answer and
``huella`` at what the database kept; ``sitio`` starts and plants, ``ataque`` sends, ``__main__`` reports.
"""
