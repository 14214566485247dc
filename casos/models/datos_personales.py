"""What is known of personal data (LFPDPPP): where they came from, which notice was given, what was blocked
or suppressed, and who read what is sensitive. Of contact persons and of our own people."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from casos.datos_tratados import ComoSeDioElAviso, DecisionDeArchivo, PorDonde

from .bitacora import Adjunto
from .cliente import PersonaContacto
from .personas import Usuario


class AvisoPrivacidad(models.Model):
    """A version of the firm's notice: its text, or where it is read."""

    version = models.CharField("versión", max_length=40, unique=True)
    desde_fecha = models.DateField("vigente desde")
    texto = models.TextField("texto", blank=True, max_length=20_000)
    enlace = models.URLField(
        "dónde se lee", blank=True, help_text="Dirección de la página, si está publicado."
    )
    activo = models.BooleanField(
        "se usa", default=True, help_text="Si no, ya no se ofrece al anotar una entrega."
    )

    class Meta:
        verbose_name = "aviso de privacidad"
        verbose_name_plural = "avisos de privacidad"
        ordering = ["-desde_fecha", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texto="") | ~Q(enlace=""),
                name="aviso_privacidad_dice_algo",
                violation_error_message="Escribe el texto del aviso o la dirección donde se lee.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.desde_fecha:%d/%m/%Y})"


def _de_alguien() -> Q:
    return Q(persona__isnull=False, usuario=None) | Q(persona=None, usuario__isnull=False)


class EntregaDeAviso(models.Model):
    """That a person was shown or sent a notice. Append-only, held by triggers; it holds no text."""

    persona = models.ForeignKey(
        PersonaContacto, null=True, on_delete=models.PROTECT, related_name="avisos_dados"
    )
    usuario = models.ForeignKey(
        Usuario, null=True, on_delete=models.PROTECT, related_name="avisos_dados"
    )
    aviso = models.ForeignKey(AvisoPrivacidad, on_delete=models.PROTECT, related_name="entregas")
    como = models.CharField("cómo", max_length=10, choices=ComoSeDioElAviso.choices)
    fecha = models.DateField("cuándo")
    anotada_por = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    anotada_en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "entrega de un aviso de privacidad"
        verbose_name_plural = "entregas de avisos de privacidad"
        ordering = ["-fecha", "-pk"]
        constraints = [models.CheckConstraint(condition=_de_alguien(), name="entrega_a_alguien")]

    def __str__(self) -> str:
        return f"{self.aviso}, {self.get_como_display()}"


class Bloqueo(models.Model):
    """A blocked person's data, kept apart until they are suppressed or given back. One per person."""

    persona = models.OneToOneField(
        PersonaContacto, on_delete=models.PROTECT, primary_key=True, related_name="bloqueo"
    )
    nombre = models.CharField(max_length=120)
    puesto = models.CharField(max_length=80, blank=True)
    telefono = models.CharField(max_length=100, blank=True)
    correo = models.EmailField(blank=True)
    activa = models.BooleanField()
    motivo = models.CharField("por qué", max_length=500)
    hasta = models.DateField("hasta")
    por = models.ForeignKey(Usuario, null=True, on_delete=models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "bloqueo"
        verbose_name_plural = "bloqueos"
        ordering = ["hasta", "pk"]

    def __str__(self) -> str:
        return f"Bloqueo de la persona {self.persona_id}"


class Supresion(models.Model):
    """That a person's data were suppressed, and what was done. Append-only; no datum of theirs."""

    persona = models.OneToOneField(
        PersonaContacto, null=True, on_delete=models.PROTECT, related_name="supresion"
    )
    usuario = models.OneToOneField(
        Usuario, null=True, on_delete=models.PROTECT, related_name="supresion"
    )
    en = models.DateTimeField(default=timezone.now)
    por = models.ForeignKey(Usuario, null=True, on_delete=models.PROTECT, related_name="+")
    lugares = models.JSONField(default=dict)  # table → how many rows were cleaned

    class Meta:
        verbose_name = "supresión"
        verbose_name_plural = "supresiones"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=_de_alguien(), name="supresion_de_alguien")]

    def __str__(self) -> str:
        return f"Supresión {self.pk}"


class DecisionSobreArchivo(models.Model):
    """Of a file that may name who is suppressed: deleted, or kept and why. Append-only."""

    supresion = models.ForeignKey(Supresion, on_delete=models.PROTECT, related_name="decisiones")
    adjunto = models.ForeignKey(Adjunto, on_delete=models.PROTECT, related_name="decisiones")
    decision = models.CharField(max_length=9, choices=DecisionDeArchivo.choices)
    motivo = models.CharField("por qué se conserva", max_length=300, blank=True)

    class Meta:
        verbose_name = "decisión sobre un archivo"
        verbose_name_plural = "decisiones sobre archivos"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.adjunto_id}"


class LecturaSensible(models.Model):
    """A read of a file marked sensitive: who, when, which way. Append-only, held by triggers."""

    adjunto = models.ForeignKey(Adjunto, on_delete=models.PROTECT, related_name="lecturas")
    usuario = models.ForeignKey(Usuario, on_delete=models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    por_donde = models.CharField("por dónde", max_length=10, choices=PorDonde.choices)

    class Meta:
        verbose_name = "lectura de un archivo sensible"
        verbose_name_plural = "lecturas de archivos sensibles"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["adjunto", "-id"], name="lectura_de_adjunto")]

    def __str__(self) -> str:
        return f"{self.usuario_id} {self.en:%d/%m/%Y}"
