"""Layer 6: the panel of area managers (D§6). Wiring; every act on a case goes through the door."""

from . import catalogos, clientes, lectura, personas, trabajo

__all__ = ["catalogos", "clientes", "lectura", "personas", "trabajo"]
