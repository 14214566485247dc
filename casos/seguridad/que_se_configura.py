"""Which tables and columns are configuration, which are not and why, and the digest of a row of them (D§3)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import models

from casos.models import (
    Acuse,
    Area,
    AvisoPrivacidad,
    ClausulaISO,
    Concepto,
    Configuracion,
    DiaInhabil,
    Empresa,
    InformeMensual,
    Jornada,
    Logo,
    Membresia,
    Motivo,
    Muestra,
    Plazo,
    PlazoDeConservacion,
    RevisionInstruccion,
    SeccionInstruccion,
    Sede,
    Suplencia,
    TipoRequerimiento,
    Usuario,
)
from casos.models.huellas import digerir_canonicos
from casos.pruebas import callados, lo_dicho

ENCADENADAS: tuple[type[models.Model], ...] = (
    Usuario,
    Usuario.groups.through,
    Usuario.user_permissions.through,
    Group,
    Group.permissions.through,
    Membresia,
    Area,
    Suplencia,
    Motivo,
    TipoRequerimiento,
    TipoRequerimiento.areas.through,
    Concepto,
    Concepto.areas.through,
    Plazo,
    DiaInhabil,
    Jornada,
    Sede,
    Configuracion,
    Empresa,
    Logo,
    RevisionInstruccion,
    RevisionInstruccion.editores.through,
    SeccionInstruccion,
    Acuse,
    ClausulaISO,
    Muestra,
    AvisoPrivacidad,
    PlazoDeConservacion,
    InformeMensual,
)
# Columns that are not in the digest of their row, and why.
SIN_COLUMNAS: dict[type[models.Model], dict[str, str]] = {
    Usuario: {
        "sal": "it salts the digest of its row: another one breaks it",
        "last_login": "written at each entry, which the record of security tells",
        "veces_pospuesto": "counts reminders",
        "columnas": "how a person wants to see the list",
        "con_teclas": "how a person wants to use the keyboard",
        "debe_acuse_desde": "derived from the acknowledgements",
    },
    RevisionInstruccion: {"version": "only tells two pages apart"},
}
# Of these an event says that they changed, and no value: who it is, or what lets them in.
CALLADAS: dict[type[models.Model], set[str]] = {
    Usuario: {"password", "username", "first_name", "last_name", "email", "telefono"},
    Area: {"correo"},
    Suplencia: {"motivo"},
    Empresa: {"telefono"},
}
# Tables that are neither in this chain nor proved by the log of a case, and why.
SIN_ENCADENAR = {
    "casos.CabezaDeSeguridad": "its own chain",
    "casos.HechoDeSeguridad": "its own chain",
    "casos.CabezaDeConfiguracion": "this chain",
    "casos.EventoDeConfiguracion": "this chain",
    "casos.Sello": "its own chain, signed",
    "casos.HojaDeSello": "under the root of its seal",
    "casos.CertificadoDeSello": "it certifies the digest of a seal, with which it is compared",
    "casos.Consecutivo": "compared with what it numbers",
    "casos.Cliente": "a client, not a setting: ``Rastro``",
    "casos.PersonaContacto": "a client's person, not a setting: ``Rastro``",
    "casos.Contrato": "a client's, not a setting: ``Rastro``; what an act wrote of it is proved",
    "casos.EntregaDeAviso": "of a person, not a setting; append-only",
    "casos.Bloqueo": "a person's data put apart; told by the record of security",
    "casos.Supresion": "of a person, not a setting; append-only",
    "casos.PropuestaDeSupresion": "of a person; what came of it stands in their block",
    "casos.SolicitudARCO": "a request; its history is append-only",
    "casos.MovimientoARCO": "a request's history; append-only",
    "casos.Rastro": "what changed of a client; append-only",
    "casos.Borrador": "half typed, of one person",
    "casos.VistaGuardada": "how a person wants to see a list",
    "casos.EnlaceDeCalendario": "a person's own; its making is told by the record of security",
    "casos.Importacion": "a workbook on its way in; what it left is in its cases",
    "casos.RenglonImportado": "a row of it, wiped after a day",
    "casos.Latido": "when each thing was last done",
    "casos.RecalculoPedido": "work that a change left to do; the change is in the chain",
    "auth.Permission": "made by migrating; no rule asks it",
    "contenttypes.ContentType": "made by migrating",
    "sessions.Session": "who is in now",
    "usersessions.UserSession": "who is in now",
    "admin.LogEntry": "Django's own summary of what the panel did; this chain is what proves it",
    "account.EmailAddress": "not used: nobody verifies an address",
    "account.EmailConfirmation": "not used",
    "mfa.Authenticator": "ciphered; added and removed, it is told by the record of security",
    "django_q.Task": "the queue",
    "django_q.Success": "the queue",
    "django_q.Failure": "the queue",
    "django_q.Schedule": "the queue; written anew whenever the worker starts",
    "django_q.OrmQ": "the queue",
}
REGLA_DE_FILA = 1

COLUMNAS = {
    m: [c.attname for c in m._meta.concrete_fields if c.name not in SIN_COLUMNAS.get(m, {})]
    for m in ENCADENADAS
}
_CALLADOS = {m: callados(m, COLUMNAS[m]) for m in ENCADENADAS}
Fila = tuple[str, list[Any]]  # its digest and its values, by ``COLUMNAS``
Tabla = dict[str, Fila]


def digerir(modelo: type[models.Model], sal: str, propia: str, valores: list[Any]) -> str:
    """Of one row: ``sal`` of the chain, ``propia`` of the row where it tells a person."""
    dicho = lo_dicho(_CALLADOS[modelo], valores)
    return digerir_canonicos(
        "configurada", sal, propia, modelo._meta.db_table, dicho, version=REGLA_DE_FILA
    )


def leer(modelo: type[models.Model], sal: str) -> Tabla:
    """All its rows by key. One statement."""
    con_sal = modelo is Usuario
    columnas = COLUMNAS[modelo]
    leidas: Tabla = {}
    pedidas = ["pk", *columnas, *(["sal"] if con_sal else [])]
    for pk, *valores in modelo._base_manager.values_list(*pedidas).iterator(chunk_size=2000):
        propia = valores.pop() if con_sal else ""
        leidas[str(pk)] = (digerir(modelo, sal, propia, valores), valores)
    return leidas
