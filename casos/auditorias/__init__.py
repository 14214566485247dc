"""What an audit writes: samples, notes, findings. Each function asks who may and raises ``NoSePuede``. No pages."""

from __future__ import annotations


class NoSePuede(Exception):
    """Why not, in a sentence for the person; ``campo``: beside which datum it is said."""

    def __init__(self, dicho: str, campo: str | None = None):
        super().__init__(dicho)
        self.campo = campo
