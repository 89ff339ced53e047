import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What foreign keys would say, asked once a statement: a COPY of a million readings has a few
# hundred series and one batch.
FORWARD = """
CREATE FUNCTION situation_readings_have_parents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT series_id, batch_id FROM fresh) r
        WHERE NOT EXISTS (SELECT FROM situation_series s WHERE s.id = r.series_id)
           OR NOT EXISTS (SELECT FROM situation_batch b WHERE b.id = r.batch_id)
    ) THEN
        RAISE foreign_key_violation USING
            CONSTRAINT = 'situation_readings_have_parents',
            MESSAGE = 'a reading names a series or a batch that does not exist';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER situation_readings_have_parents AFTER INSERT ON situation_reading
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION situation_readings_have_parents();

CREATE FUNCTION situation_parents_of_readings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM situation_reading r
        WHERE CASE TG_TABLE_NAME WHEN 'situation_series' THEN r.series_id = OLD.id
                                 ELSE r.batch_id = OLD.id END
    ) THEN
        RAISE foreign_key_violation USING
            CONSTRAINT = 'situation_parents_of_readings_stay',
            MESSAGE = 'readings stand on this row';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER situation_series_stays BEFORE DELETE ON situation_series
    FOR EACH ROW EXECUTE FUNCTION situation_parents_of_readings_stay();
CREATE TRIGGER situation_batch_stays BEFORE DELETE ON situation_batch
    FOR EACH ROW EXECUTE FUNCTION situation_parents_of_readings_stay();
"""
BACK = """
DROP TRIGGER situation_batch_stays ON situation_batch;
DROP TRIGGER situation_series_stays ON situation_series;
DROP FUNCTION situation_parents_of_readings_stay;
DROP TRIGGER situation_readings_have_parents ON situation_reading;
DROP FUNCTION situation_readings_have_parents;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
        ("situation", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="held",
            name="situation_a_figure_is_held_once",
        ),
        migrations.AddField(
            model_name="held",
            name="followers",
            field=models.JSONField(
                default=dict,
                help_text="Figures that stand or fall with it, as queries.followers packs them",
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="situation.batch",
            ),
        ),
        migrations.AlterField(
            model_name="reading",
            name="series",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readings",
                to="situation.series",
            ),
        ),
        migrations.AddConstraint(
            model_name="held",
            constraint=models.UniqueConstraint(
                fields=("batch", "line", "place_text", "metric", "about_on", "known_at"),
                name="situation_a_figure_is_held_once",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
