from django.db import migrations

FORWARD = """
CREATE TRIGGER situation_reading_append_only BEFORE UPDATE OR DELETE ON situation_reading
    FOR EACH ROW EXECUTE FUNCTION tongxin_append_only();
CREATE TRIGGER situation_reading_no_truncate BEFORE TRUNCATE ON situation_reading
    FOR EACH STATEMENT EXECUTE FUNCTION tongxin_append_only();
"""
BACK = """
DROP TRIGGER situation_reading_append_only ON situation_reading;
DROP TRIGGER situation_reading_no_truncate ON situation_reading;
"""


class Migration(migrations.Migration):
    dependencies = [("situation", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
