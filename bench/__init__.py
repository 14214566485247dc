"""How fast the product is beside a bare Django project in the same run (``python -m bench``).

Nothing here imports ``casos``: a checkout of the product is started as its own ``Procfile`` says and
driven from outside, so any version of it can be measured beside any other.
"""
