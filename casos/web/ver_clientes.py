"""Clients, contracts, contact persons, and the contract's memory."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from casos.catalogos import Rol, TipoImportacion
from casos.clientes import altas, bloqueo, contratos
from casos.formularios.calendario_de_pago import DE_PAGO
from casos.formularios.clientes import (
    BuscarForm,
    ClienteForm,
    ContratoForm,
    FusionarForm,
    PagoForm,
    PersonaForm,
    SigueForm,
    TerminarForm,
)
from casos.formularios.de_datos_personales import DarAvisoForm
from casos.lecturas import clientela as consulta
from casos.lecturas.datos_de_personas import avisos_dados_a, como_llegaron
from casos.models import AvisoPrivacidad, Contrato, PersonaContacto
from casos.models.restricciones import mensaje_de, restriccion_violada
from casos.pasos import fusion, termino
from casos.permisos import lectura
from casos.permisos.de_privacidad import lleva_privacidad
from casos.web.borrador import recupera
from casos.web.formatos import fecha, plural, punto
from casos.web.pagina_de_formulario import con_lo_escrito, enviado, pagina_de_formulario

DEL_CONTRATO = ("numero", "servicio", "sede", "moneda", "desde_fecha", *DE_PAGO)
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _cliente(request, pk):
    cliente = consulta.visibles_para(request.user).filter(pk=pk).first()
    if cliente is None:
        raise Http404
    return lectura.cliente_para(cliente, request.user)


def _exigir(condicion: bool, mensaje: str) -> None:
    if not condicion:
        raise PermissionDenied(mensaje)


def _comercial(request):
    puede = request.user.es_comercial or request.user.is_superuser
    _exigir(puede, "Los clientes los registra y cambia el área comercial.")


def _gerencia(request):
    u = request.user
    _exigir(
        u.es_gerente or u.rol == Rol.DG or u.is_superuser, "Esto lo hace la gerencia comercial."
    )


@require_safe
def lista(request):
    form = BuscarForm(request.GET, label_suffix="")
    form.is_valid()
    q = form.cleaned_data.get("q") or ""
    filas, sigue = consulta.pagina(
        request.user, q=q, despues_de=form.cleaned_data.get("despues") or ""
    )
    url = "?" + urlencode({"q": q, "despues": sigue}) if sigue else ""
    hay = f"{len(filas)} clientes, y hay más" if sigue else plural(len(filas), "cliente,clientes")
    contexto = {"form": form, "clientes": filas, "siguiente_url": url, "q": q, "dicho": hay,
                "importa": TipoImportacion.CLIENTES in lectura.lo_que_importa(request.user),
                "puede_editar": request.user.es_comercial or request.user.is_superuser}  # fmt: skip
    return render(request, "casos/clientes.html", contexto)


@require_safe
def detalle(request, pk):
    destino = consulta.destino_final(pk)
    if destino:
        return redirect("cliente", pk=destino)
    cliente = _cliente(request, pk)
    usuario = request.user
    # Of a person at the client, an area needs no more than the name.
    oculta = not lectura.lee_datos_de_contacto(usuario)
    personas = [
        {"fila": p, "nombre": lectura.persona_para(p, usuario), "oculta": oculta}
        for p in cliente.personas.select_related("origen_importacion").order_by(
            "-activa", "nombre", "pk"
        )
    ]
    avisos = {} if oculta else avisos_dados_a([p["fila"] for p in personas])
    for p in personas:
        p |= {"origen": como_llegaron(p["fila"]), "aviso": avisos.get(p["fila"].pk)}
    return render(
        request,
        "casos/cliente.html",
        {
            "cliente": cliente,
            "rfc": lectura.rfc_para(cliente, usuario),
            "notas": cliente.notas if lectura.lee_clientes(usuario) else "",
            "personas": personas,
            "contratos": consulta.contratos_de(cliente, usuario),
            "cambios": consulta.cambios_de(cliente, usuario),
            "puede_editar": usuario.es_comercial or usuario.is_superuser,
            "lleva_privacidad": lleva_privacidad(usuario),
            "puede_fusionar": usuario.es_gerente or usuario.rol == Rol.DG or usuario.is_superuser,
        },
    )


def _hecho(form, escribir):
    """What ``escribir`` gives back; nothing where the form, or what was stored meanwhile, does not allow it.

    Where another's row came first the form is asked again: it sees it now, and says so beside the field.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        with transaction.atomic():
            return escribir()
    except ValidationError as error:
        form.add_error(None, error)
    except IntegrityError as error:
        form.full_clean()
        if form.is_valid():
            mensaje = mensaje_de(restriccion_violada(error))
            if not mensaje:
                raise
            form.add_error(None, mensaje)
    return None


@recupera
@GET_POST
def nuevo(request):
    _comercial(request)
    form = ClienteForm(enviado(request))
    cliente = _hecho(
        form,
        lambda: altas.crear_cliente(
            **form.datos(),
            autor=request.user,
            sin_parecidos=not form.cleaned_data["es_otro"],
        ),
    )
    if cliente:
        _advertir(request, form)
        messages.success(request, f"Listo: {cliente} quedó registrado.")
        return redirect("cliente", pk=cliente.pk)
    return pagina_de_formulario(request, form, "Nuevo cliente", "/clientes/")


def _advertir(request, form):
    for aviso in form.advertencias:
        messages.warning(request, aviso)


@recupera
@GET_POST
def editar(request, pk):
    _comercial(request)
    cliente = _cliente(request, pk)
    form = ClienteForm(enviado(request), instance=cliente)
    if _hecho(form, lambda: altas.cambiar_cliente(cliente, autor=request.user, **form.datos())):
        _advertir(request, form)
        messages.success(request, "Listo: guardamos los datos del cliente.")
        return redirect("cliente", pk=pk)
    return pagina_de_formulario(request, form, f"Cambiar datos de {cliente}", f"/clientes/{pk}/")


@recupera
@GET_POST
def persona_nueva(request, pk):
    _comercial(request)
    cliente = _cliente(request, pk)
    form = PersonaForm(enviado(request), instance=PersonaContacto(cliente=cliente))
    agregada = _hecho(
        form,
        lambda: altas.agregar_persona(
            cliente,
            **form.datos(),
            autor=request.user,
            sin_tocaya=not form.cleaned_data["es_otra"],
        ),
    )
    if agregada:
        messages.success(request, punto(f"Listo: agregamos a {form.cleaned_data['nombre']}"))
        return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        f"Nueva persona de contacto de {cliente}",
        f"/clientes/{pk}/",
        explica="Pide solo lo necesario para localizarla. No subas datos de trabajadores.",
    )


@recupera
@GET_POST
def persona_editar(request, pk, persona):
    _comercial(request)
    cliente = _cliente(request, pk)
    # A late press is refused beside what was typed.
    vivas = {} if request.method == "POST" else {"suprimida_en": None, "bloqueada_en": None}
    fila = get_object_or_404(cliente.personas, pk=persona, **vivas)
    form = PersonaForm(enviado(request), instance=fila)
    if _hecho(form, lambda: altas.cambiar_persona(fila, autor=request.user, **form.datos())):
        messages.success(request, "Listo: guardamos los datos de la persona.")
        return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request, form, f"Cambiar datos de {fila.nombre}", f"/clientes/{pk}/"
    )


@recupera
@GET_POST
def persona_aviso(request, pk, persona):
    """Which privacy notice they were given (LFPDPPP)."""
    _comercial(request)
    cliente = _cliente(request, pk)
    vivas = {} if request.method == "POST" else {"suprimida_en": None, "bloqueada_en": None}
    fila = get_object_or_404(cliente.personas, pk=persona, **vivas)
    form = DarAvisoForm(enviado(request))
    if _hecho(form, lambda: bloqueo.dar_aviso(fila, por=request.user, **form.cleaned_data)):
        messages.success(request, "Listo: quedó anotado el aviso de privacidad.")
        return redirect("cliente", pk=pk)
    hay = AvisoPrivacidad.objects.filter(activo=True).exists()
    return pagina_de_formulario(
        request,
        form,
        f"Aviso de privacidad que se dio a {fila.nombre}",
        f"/clientes/{pk}/",
        explica=""
        if hay
        else "Todavía no hay ninguno que anotar: lo escribe quien administra, en Administración.",
        cerrado=not hay,
    )


@recupera
@GET_POST
def contrato_nuevo(request, pk):
    _comercial(request)
    cliente = _cliente(request, pk)
    form = ContratoForm(enviado(request))
    contrato = _hecho(
        form,
        lambda: contratos.crear_contrato(
            cliente=cliente,
            **{c: form.cleaned_data[c] for c in DEL_CONTRATO},
            valores=form.valores(),
            autor=request.user,
        ),
    )
    if contrato:
        _advertir(request, form)
        messages.success(request, f"Listo: el contrato {contrato.numero} quedó registrado.")
        return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        f"Nuevo contrato de {cliente}",
        f"/clientes/{pk}/",
        explica="Las condiciones que escribas son las vigentes; lo que no aplique, déjalo vacío.",
    )


@recupera
@GET_POST
def contrato_pago(request, pk, contrato):
    """How its payroll is paid (§7.7): of one created in place (7.1) nobody was asked."""
    _comercial(request)
    _cliente(request, pk)
    fila = get_object_or_404(Contrato, pk=contrato, cliente_id=pk)
    form = PagoForm(enviado(request), contrato=fila)
    pago = form.cleaned_data if form.is_bound and form.is_valid() else {}
    escrito = {c: pago.get(c) for c in DE_PAGO}
    if _hecho(form, lambda: contratos.cambiar_contrato(fila, autor=request.user, **escrito)):
        messages.success(request, f"Listo: guardamos cómo se paga la nómina de {fila.numero}.")
        return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request, form, f"Pago de la nómina del contrato {fila.numero}", f"/clientes/{pk}/"
    )


@recupera
@GET_POST
def contrato_terminar(request, pk, contrato):
    _gerencia(request)
    _cliente(request, pk)
    # A late press is refused beside what was typed.
    vivos = {} if request.method == "POST" else {"terminado_fecha": None}
    fila = get_object_or_404(Contrato, pk=contrato, cliente_id=pk, **vivos)
    form = TerminarForm(enviado(request), contrato=fila)
    if form.is_bound and form.is_valid():
        try:
            contratos.terminar_contrato(fila, autor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                f"Listo: el contrato {fila.numero} termina el {fecha(fila.terminado_fecha)}.",
            )
            return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        f"Terminar el contrato {fila.numero}",
        f"/clientes/{pk}/",
        boton="Terminar contrato",
        peligro=True,
    )


@recupera
@GET_POST
def contrato_sigue(request, pk, contrato):
    """Its end is taken back: GER says why, and whoever leads its cases is told."""
    _gerencia(request)
    _cliente(request, pk)
    con_termino = {} if request.method == "POST" else {"terminado_fecha__isnull": False}
    fila = get_object_or_404(Contrato, pk=contrato, cliente_id=pk, **con_termino)
    form = SigueForm(enviado(request))
    if form.is_bound and form.is_valid():
        try:
            termino.quitar_termino(fila, motivo=form.cleaned_data["motivo"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Listo: el contrato {fila.numero} sigue vigente.")
            return redirect("cliente", pk=pk)
    return pagina_de_formulario(
        request,
        form,
        f"Quitar el término del contrato {fila.numero}",
        f"/clientes/{pk}/",
        boton="Quitar término",
        explica="El contrato sigue vigente y se puede volver a renegociar. "
        "Se avisa a los responsables de sus casos.",
    )


@recupera
@GET_POST
def fusionar(request, pk):
    _gerencia(request)
    cliente = _cliente(request, pk)
    buscar = BuscarForm(request.GET, label_suffix="")
    buscar.is_valid()
    q = buscar.cleaned_data.get("q") or ""
    candidatos = consulta.candidatos_a_fusion(cliente, q)
    form = FusionarForm(enviado(request), origen=cliente, candidatos=candidatos)
    if form.is_bound and form.is_valid():
        destino = form.cleaned_data["destino"]
        try:
            fusion.fusionar_clientes(cliente, destino, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Listo: todo lo de {cliente} pasó a {punto(destino)}")
            return redirect("cliente", pk=destino.pk)
    con_lo_escrito(request, form)
    contexto = {"cliente": cliente, "form": form, "buscar": buscar, "q": q, "candidatos": candidatos,
                "mueve": consulta.lo_que_pasaria(cliente)}  # fmt: skip
    return render(request, "casos/fusion.html", contexto, status=422 if form.is_bound else 200)
