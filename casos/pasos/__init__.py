"""Layer 3: every write a person can cause. No ``request``, no pages.

Importing this package fills the registry of actions (``puerta.REGISTRO``).
"""

from casos.pasos import ajuste, analisis, cierre, constancias, propuesta, puerta, registro

__all__ = ["ajuste", "analisis", "cierre", "constancias", "propuesta", "puerta", "registro"]
