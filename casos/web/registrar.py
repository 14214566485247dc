"""The page where a request is registered (§7.1). No rules, no mail, no ``save()``."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casos.actos import REGISTRAR
from casos.expediente.carga import instruccion_vigente
from casos.formularios.presentacion import VER_VIGENTE, mostrar_al_elegir, por_llenar
from casos.lecturas.clientela import abiertos_del_cliente, clientes_parecidos
from casos.lecturas.memoria import lo_mismo_negado, memoria
from casos.models import Caso, Usuario
from casos.pasos.asignacion import orden_de_palabra, quien_me_lo_ordena
from casos.pasos.puerta import ejecutar
from casos.pasos.registro import RegistrarForm
from casos.pasos.situacion import Rechazo
from casos.permisos import lectura
from casos.permisos.cargos import cargo_comercial
from casos.rfc import avisos_de_rfc

from .borrador import borrador, como_inicial, desmarcar, recupera
from .dar_paso import decir_lo_hecho, decir_si_ya_se_nego, pide_lo_vigente

YO_LE_SIGO = "yo_le_sigo"  # the name of the press that registers and takes the case


@recupera
@require_http_methods(["GET", "HEAD", "POST"])
def nuevo(request: HttpRequest) -> HttpResponse:
    """§7.1: one page; the client is found or created in place."""
    if cargo_comercial(request.user) is None:
        raise PermissionDenied
    if request.method == "POST" and not _solo_del_cliente(request.POST):
        return _registrar(request)
    if request.method == "POST":
        # Client or contract are being found, chosen or changed: nothing is judged or lost.
        inicial = como_inicial(request.POST)
        if not pide_lo_vigente(request):
            inicial["cliente"] = request.POST.get("elegir", "")
            for campo in ("contrato", "persona"):
                inicial.pop(campo, None)
    else:
        # A link that names a client or a case is another request than the one half typed.
        inicial = {} if {"cliente", "deriva_de"} & set(request.GET) else borrador(request)
        inicial = inicial or _prellenado(request)
    formulario = _de_registro(request, initial=inicial)
    if "solicitud" in inicial and "copia" not in request.GET:
        desmarcar(formulario, inicial)
    return _pagina_nueva(request, formulario)


def _solo_del_cliente(datos) -> bool:
    """Whether the press was about the client or the contract, or Enter in the search box and no
    client given."""
    busca = datos.get("buscar") and not (datos.get("cliente") or datos.get("cliente_razon_social"))
    return bool(busca) or not {"elegir", "cambiar", "buscando", VER_VIGENTE}.isdisjoint(datos)


def _prellenado(request) -> dict:
    """What a link brings: the client, the contract, the case it derives from, the name searched."""
    inicial = {"cliente_razon_social": request.GET.get("buscar", "")[:200]}
    for campo in ("cliente", "contrato"):
        valor = request.GET.get(campo, "")
        if _es_clave(valor):
            inicial[campo] = valor
    folio = request.GET.get("deriva_de", "")[:16]
    origen = folio and Caso.objects.visibles_para(request.user).filter(folio=folio).first()
    if origen:
        inicial |= {
            "deriva_de": origen.folio,
            "cliente": str(origen.cliente_id),
            "contrato": origen.contrato_id,
            "persona": origen.persona_id,
        }
        if "copia" in request.GET:
            inicial |= _lo_que_pidio(origen, request.user)
    return inicial


def _lo_que_pidio(origen: Caso, usuario: Usuario) -> dict:
    """What was asked then, to be asked again; never what we offered (rule 14)."""
    if not lectura.ve_toda_la_hoja(origen, usuario):
        return {}
    filas = origen.condiciones.exclude(solicitado="").select_related("concepto")
    pedido = {f"solicitado_{f.concepto.clave}": f.solicitado for f in filas}
    tipos = list(origen.tipos.values_list("pk", flat=True))
    return pedido | {"solicitud": origen.solicitud, "tipos": tipos}


def _de_registro(request, datos=None, initial=None):
    return RegistrarForm(datos, None, usuario=request.user, acto=REGISTRAR, initial=initial)


def _registrar(request) -> HttpResponse:
    datos = request.POST
    if YO_LE_SIGO in datos and (orden := orden_de_palabra(request.user)):
        datos = datos.copy()
        datos.update({YO_LE_SIGO: "", **orden})
    try:
        hecho = ejecutar(REGISTRAR, request.user, datos=datos, archivos=request.FILES)
    except Rechazo as rechazo:
        if rechazo.form is not None:
            return _pagina_nueva(request, rechazo.form, status=422)
        formulario = _de_registro(request, datos)
        for falta in rechazo.faltas:
            formulario.add_error(None, falta.mensaje)
        return _pagina_nueva(request, formulario, status=422)
    decir_lo_hecho(request, hecho)
    decir_si_ya_se_nego(request, hecho)
    if hecho.caso.cliente.rfc and request.POST.get("cliente_rfc"):
        for aviso in avisos_de_rfc(request.POST["cliente_rfc"]):
            messages.warning(request, aviso)
    return HttpResponseRedirect(reverse("caso", args=[hecho.caso.folio]))


def _pagina_nueva(request, formulario, status=200) -> HttpResponse:
    cliente = formulario.cliente_elegido
    con_lista = cliente is not None and formulario.fields["persona"].queryset.exists()
    if not con_lista:
        # Nobody to choose from: "¿Es alguien más?" would ask about a list that is not there.
        formulario["persona_nombre"].label = "Quién lo pidió" if cliente else "Nombre"
    mostrar_al_elegir(formulario, reverse("nuevo"))
    # What the chosen contract remembers comes with what it has in force.
    formulario.fields["contrato"].widget.attrs["data-hx-select-oob"] = "#memoria"
    buscado = (request.POST or request.GET).get("buscar", "")[:100].strip()
    contexto = {
        "form": formulario,
        "cliente": cliente,
        "con_lista": con_lista,
        "abiertos": abiertos_del_cliente(cliente, request.user) if cliente else [],
        "buscado": buscado,
        "parecidos": _los_hallados(formulario, buscado, request.user),
        "instruccion": instruccion_vigente(REGISTRAR.seccion),
        "titulo": REGISTRAR.etiqueta,
        "hoja": por_llenar(formulario),
        "ver_vigente": VER_VIGENTE,
        "abre": _lo_que_se_abre(formulario),
        "yo_le_sigo": YO_LE_SIGO,
        "me_lo_ordena": quien_me_lo_ordena(request.user),
    } | _memoria(formulario, request.user)
    if request.htmx and request.htmx.target == "parecidos":
        return render(request, "casos/_parecidos.html", contexto)
    return render(request, "casos/nuevo.html", contexto, status=status)


def _memoria(formulario, usuario) -> dict:
    """Of the contract that is chosen: what it remembers, and whether what is asked was refused."""
    contrato = formulario.contrato_elegido()
    if contrato is None:
        return {"memoria": None, "negado": None}
    dichos = formulario["tipos"].value() or ()
    dichos = [dichos] if isinstance(dichos, str) else dichos  # one alone comes without its list
    tipos = [int(t) for t in map(str, dichos) if _es_clave(t)]
    pedidos = [c.pk for c in formulario.conceptos if formulario[formulario.campo_de(c)].value()]
    return {
        "memoria": memoria(contrato, usuario),
        "negado": lo_mismo_negado(contrato, usuario, tipos, pedidos),
    }


def _es_clave(valor: str) -> bool:
    return valor.isascii() and valor.isdigit() and len(valor) <= 9


def _los_hallados(formulario, buscado, usuario) -> list:
    """Clients to choose from: those of a nearly equal name, if it was asked; else what is searched."""
    if formulario.parecidos:
        return [(cliente, []) for cliente in formulario.parecidos]
    buscan = buscado and formulario.cliente_elegido is None
    return clientes_parecidos(buscado, usuario) if buscan else []


def _lo_que_se_abre(formulario) -> dict:
    """Folded parts of the page that already hold something, or an error to be seen."""
    grupos = {
        "persona": ("persona_nombre", "persona_puesto", "persona_telefono", "persona_correo"),
        "contrato": ("contrato_numero", "contrato_servicio", "contrato_desde"),
        "hoja": [f"{formulario.columna}_{c.clave}" for c in formulario.conceptos],
    }
    errores = formulario.errors if formulario.is_bound else {}
    # What the contract has today is shown as soon as it is known.
    abre = {"hoja": True} if formulario.en_vigor else {}
    return {
        grupo: any(c in errores or formulario[c].value() for c in campos)
        for grupo, campos in grupos.items()
    } | abre
