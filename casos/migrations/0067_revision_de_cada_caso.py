"""The instruction as data with its states; who is handed each revision; the revision each case obeys.

What an existing database holds is revision 3 in force: its text is left as it is and frozen, its state follows
from ``vigente``, and every case obeys it, as its events say.
"""

import hashlib

from django.db import migrations, models


def _huella(secciones):
    suma = hashlib.sha256()
    for s in sorted(secciones, key=lambda s: s.orden):
        for parte in (s.clave, s.titulo, s.texto):
            crudo = parte.encode()
            suma.update(f"{len(crudo)}:".encode() + crudo)
    return suma.hexdigest()


def al_dia(apps, schema_editor):
    using = schema_editor.connection.alias
    Revision = apps.get_model("casos", "RevisionInstruccion")
    Seccion = apps.get_model("casos", "SeccionInstruccion")
    Caso = apps.get_model("casos", "Caso")
    vigente = None
    for revision in Revision.objects.using(using).all():
        revision.estado = "VIGENTE" if revision.vigente else "SUSTITUIDA"
        revision.operacion = "21"
        revision.huella = _huella(Seccion.objects.using(using).filter(revision=revision))
        revision.save()
        if revision.vigente:
            vigente = revision.numero
    Seccion.objects.using(using).update(congelada=True)
    if vigente:
        Caso.objects.using(using).update(revision=vigente)


class Migration(migrations.Migration):

    dependencies = [
        ('casos', '0066_instruccion_como_datos'),
    ]

    operations = [
        migrations.RunPython(al_dia, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='revisioninstruccion',
            name='una_revision_vigente',
        ),
        migrations.RemoveField(
            model_name='revisioninstruccion',
            name='vigente',
        ),
        migrations.AddConstraint(
            model_name='revisioninstruccion',
            constraint=models.UniqueConstraint(condition=models.Q(('estado', 'VIGENTE')), fields=('estado',), name='una_revision_vigente', violation_error_message='Solo puede haber una revisión vigente.'),
        ),
        migrations.AddConstraint(
            model_name='revisioninstruccion',
            constraint=models.CheckConstraint(condition=models.Q(('estado__in', ['BORRADOR', 'REVISADA', 'VIGENTE', 'SUSTITUIDA'])), name='revision_estado_conocido'),
        ),
        migrations.AddConstraint(
            model_name='revisioninstruccion',
            constraint=models.CheckConstraint(condition=models.Q(('estado__in', ['BORRADOR', 'REVISADA']), ('fecha__isnull', False), _connector='OR'), name='revision_con_fecha', violation_error_message='Una revisión que rige lleva su fecha.'),
        ),
        migrations.AddConstraint(
            model_name='revisioninstruccion',
            constraint=models.CheckConstraint(condition=models.Q(('aprobada_por', None), ('editada_por', None), models.Q(('aprobada_por', models.F('editada_por')), _negated=True), _connector='OR'), name='revision_aprobada_por_otra_persona', violation_error_message='La aprueba otra persona que quien la escribió.'),
        ),
        migrations.AddConstraint(
            model_name='seccioninstruccion',
            constraint=models.CheckConstraint(condition=models.Q(('clave__in', ('1', '2', '3', '4', '5', '6', '7', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '7.7', '7.8', '8', '9', '10', '11'))), name='seccion_conocida'),
        ),
    ]
