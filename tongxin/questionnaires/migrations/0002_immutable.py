from django.db import migrations

# What was published and what was answered stays as it was. Erasing a person erases answers;
# an account that goes leaves them without their author.
TRIGGERS = """
CREATE FUNCTION tongxin_published_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'draft' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'a published questionnaire is immutable: DELETE refused';
    END IF;
    IF OLD.status <> 'draft' AND (
        ROW(OLD.slug, OLD.url, OLD.version, OLD.title, OLD.language, OLD.definition,
            OLD.content_hash, OLD.published_at)
        IS DISTINCT FROM
        ROW(NEW.slug, NEW.url, NEW.version, NEW.title, NEW.language, NEW.definition,
            NEW.content_hash, NEW.published_at)
        OR NEW.status = 'draft'
    ) THEN
        RAISE EXCEPTION 'a published questionnaire is immutable: UPDATE refused';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER questionnaires_published_form BEFORE UPDATE OR DELETE
    ON questionnaires_questionnaire FOR EACH ROW EXECUTE FUNCTION tongxin_published_form();
CREATE FUNCTION tongxin_given_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(OLD) - 'author_id') IS DISTINCT FROM (to_jsonb(NEW) - 'author_id')
        OR NEW.author_id IS NOT NULL AND NEW.author_id IS DISTINCT FROM OLD.author_id THEN
        RAISE EXCEPTION 'given answers are immutable: UPDATE refused';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER questionnaires_given_answers BEFORE UPDATE
    ON questionnaires_response FOR EACH ROW EXECUTE FUNCTION tongxin_given_answers();
"""
BACK = """
DROP TRIGGER questionnaires_given_answers ON questionnaires_response;
DROP FUNCTION tongxin_given_answers();
DROP TRIGGER questionnaires_published_form ON questionnaires_questionnaire;
DROP FUNCTION tongxin_published_form();
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGERS, BACK)]
