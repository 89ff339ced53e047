from django.db import migrations

GENESIS = "0" * 64

# One function serves every table that only grows. TRUNCATE is let through only where a
# database says so of itself: the throw-away ones of the tests do.
FUNCTION = """
CREATE FUNCTION tongxin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('tongxin.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION tongxin_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION tongxin_append_only();
"""
BACK = """
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP TRIGGER audit_entry_no_truncate ON audit_entry;
DROP FUNCTION tongxin_append_only();
"""


def seed(apps, schema_editor):
    head = apps.get_model("audit", "Head")
    head.objects.bulk_create(head(chain=n, seq=0, hash=GENESIS) for n in range(8))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, BACK),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
