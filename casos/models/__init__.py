"""What is stored (D§3). Split by aggregate; no business verbs, mail or request here."""

from .auditoria import CambioDeHallazgo, ClausulaISO, Hallazgo, Muestra, NotaDeAuditoria
from .avisos import Aviso, Resumen
from .bitacora import Adjunto, Evento, TextoEvento
from .borradores import Borrador
from .candado import Candado
from .caso import BusquedaCaso, Caso, Para, VistaGuardada
from .cierres import Cierre, Lapso
from .cliente import Cliente, Contrato, PersonaContacto, ValorContrato, VersionContrato
from .condicion import Condicion
from .configuracion import (
    Concepto,
    Configuracion,
    Motivo,
    Plazo,
    TipoRequerimiento,
)
from .configurado import CabezaDeConfiguracion, EventoDeConfiguracion
from .consecutivo import Consecutivo
from .conservacion import PlazoDeConservacion, PropuestaDeSupresion
from .datos_personales import (
    AvisoPrivacidad,
    Bloqueo,
    DecisionSobreArchivo,
    EntregaDeAviso,
    LecturaSensible,
    Supresion,
)
from .despues import Comprobacion, Satisfaccion
from .empresa import Empresa, Logo
from .importacion import Importacion, Procedencia, RenglonImportado
from .impresos import Impreso
from .informe import InformeMensual
from .instruccion import Acuse, RevisionInstruccion, SeccionInstruccion
from .laborables import DiaInhabil, Jornada, Sede
from .latido import Latido
from .personas import Area, Cargo, Membresia, Suplencia, Usuario
from .posibilidad import Posibilidad
from .prueba import Prueba
from .rastro import Rastro
from .recalculo_pedido import RecalculoPedido
from .seguridad import CabezaDeSeguridad, HechoDeSeguridad
from .sello import CertificadoDeSello, HojaDeSello, Sello
from .solicitudes import MovimientoARCO, SolicitudARCO
from .suscripcion import EnlaceDeCalendario
from .trabajo import Ajuste, Constancia, Opinion
from .trato import Cita, Contacto, Propuesta

__all__ = [
    "Acuse",
    "Adjunto",
    "Ajuste",
    "Area",
    "Aviso",
    "AvisoPrivacidad",
    "Bloqueo",
    "Borrador",
    "BusquedaCaso",
    "CabezaDeConfiguracion",
    "CabezaDeSeguridad",
    "CambioDeHallazgo",
    "Candado",
    "Cargo",
    "Caso",
    "CertificadoDeSello",
    "Cierre",
    "Cita",
    "ClausulaISO",
    "Cliente",
    "Comprobacion",
    "Concepto",
    "Condicion",
    "Configuracion",
    "Constancia",
    "Consecutivo",
    "Contacto",
    "Contrato",
    "DecisionSobreArchivo",
    "DiaInhabil",
    "Empresa",
    "EnlaceDeCalendario",
    "EntregaDeAviso",
    "Evento",
    "EventoDeConfiguracion",
    "Hallazgo",
    "HechoDeSeguridad",
    "HojaDeSello",
    "Importacion",
    "Impreso",
    "InformeMensual",
    "Jornada",
    "Lapso",
    "Latido",
    "LecturaSensible",
    "Logo",
    "Membresia",
    "Motivo",
    "MovimientoARCO",
    "Muestra",
    "NotaDeAuditoria",
    "Opinion",
    "Para",
    "PersonaContacto",
    "Plazo",
    "PlazoDeConservacion",
    "Posibilidad",
    "Procedencia",
    "Propuesta",
    "PropuestaDeSupresion",
    "Prueba",
    "Rastro",
    "RecalculoPedido",
    "RenglonImportado",
    "Resumen",
    "RevisionInstruccion",
    "Satisfaccion",
    "SeccionInstruccion",
    "Sede",
    "Sello",
    "SolicitudARCO",
    "Suplencia",
    "Supresion",
    "TextoEvento",
    "TipoRequerimiento",
    "Usuario",
    "ValorContrato",
    "VersionContrato",
    "VistaGuardada",
]
