"""Who may do what and who reads what (D§2, D§5). Buttons, server and tests read the same rules.

``cargos``: who are you. ``predicados``: who may do each act. ``lectura``: who reads what; all
masking. No queries, HTTP or models.
"""
