"""Of an earlier answer the comment may be deleted, when who wrote it leaves and wishes so; nothing else of it changes."""

from django.db import migrations

STAND = """
CREATE OR REPLACE FUNCTION campaigns_contributionrevision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'answer' = to_jsonb(OLD) - 'answer'
       AND NEW.answer - 'comment' = OLD.answer - 'comment' AND NEW.answer->>'comment' = '' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an earlier answer (%) can no longer be changed', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""

AS_IT_WAS = """
CREATE OR REPLACE FUNCTION campaigns_contributionrevision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an earlier answer (%) can no longer be changed', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0020_personal_exports")]
    operations = [migrations.RunSQL(STAND, AS_IT_WAS)]
