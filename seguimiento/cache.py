"""Caches that never cost anybody a login: while the shared one does not answer, each process remembers alone.

Nothing but limits of attempts is kept here, and those count on: in each process for itself.
"""

import logging
import time
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.db import Error as ErrorDeBase
from django.db import connections, router

log = logging.getLogger(__name__)

SIN_PREGUNTAR = 15  # seconds until the shared one is asked again


class ConRespaldo:
    """A cache whose every answer comes from memory while the shared one fails with ``fallas``."""

    fallas: tuple[type[Exception], ...] = ()

    def __init__(self, ubicacion: Any, params: dict[str, Any]):
        super().__init__(ubicacion, params)  # type: ignore[call-arg]
        # By name the memory is one for all the threads of the process.
        self._respaldo = LocMemCache(
            f"respaldo de {ubicacion}", {"OPTIONS": {"MAX_ENTRIES": 10_000}}
        )

    _hasta = 0.0

    def _o_de_memoria(self, nombre: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= ConRespaldo._hasta:
            try:
                return getattr(super(), nombre)(*args, **kwargs)
            except self.fallas as error:
                ConRespaldo._hasta = time.monotonic() + SIN_PREGUNTAR
                log.warning("El caché no responde; cada proceso lleva su cuenta: %s", error)
        return getattr(self._respaldo, nombre)(*args, **kwargs)

    @staticmethod
    def esta_solo() -> bool:
        """Whether the shared one did not answer a moment ago."""
        return time.monotonic() < ConRespaldo._hasta

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._o_de_memoria("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._o_de_memoria("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._o_de_memoria("set", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._o_de_memoria("delete", *args, **kwargs)


class Redis(ConRespaldo, RedisCache):
    @property
    def fallas(self) -> tuple[type[Exception], ...]:  # type: ignore[override]
        from redis.exceptions import RedisError  # 4 MB, where no Redis is used

        return (RedisError, OSError)


class Tabla(ConRespaldo, DatabaseCache):
    """Django's own says "it is there already" of what it could not write: here that is a failure."""

    fallas = (ErrorDeBase,)

    def _base_set(self, mode, key, value, timeout=None):  # type: ignore[no-untyped-def]
        hecho = super()._base_set(mode, key, value, timeout)
        if not hecho and (mode == "set" or not self._hay(key)):
            raise ErrorDeBase("No se pudo escribir en la tabla del caché.")
        return hecho

    def _hay(self, key: str) -> bool:
        conexion = connections[router.db_for_write(self.cache_model_class)]
        tabla = conexion.ops.quote_name(self._table)
        with conexion.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {tabla} WHERE cache_key = %s", [key])
            return cursor.fetchone() is not None
