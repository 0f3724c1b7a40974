"""A finished release and its files never change: the database refuses, whoever asks."""

from django.db import migrations

STAND = """
CREATE FUNCTION campaigns_release_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who made it and which job wrote it may be forgotten (an account or a job is erased); nothing else changes.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{created_by_id,job_id}'::text[]
                          = to_jsonb(OLD) - '{created_by_id,job_id}'::text[]
       AND (NEW.created_by_id IS NULL OR NEW.created_by_id = OLD.created_by_id)
       AND (NEW.job_id IS NULL OR NEW.job_id = OLD.job_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'release % is finished and can no longer be changed', OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER release_stands BEFORE UPDATE OR DELETE ON campaigns_release
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION campaigns_release_stands();

CREATE FUNCTION campaigns_releasefile_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM campaigns_release r WHERE r.finished_at IS NOT NULL
                  AND (TG_OP <> 'INSERT' AND r.id = OLD.release_id OR TG_OP <> 'DELETE' AND r.id = NEW.release_id)) THEN
        RAISE EXCEPTION 'the files of a finished release can no longer be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER releasefile_stands BEFORE INSERT OR UPDATE OR DELETE ON campaigns_releasefile
    FOR EACH ROW EXECUTE FUNCTION campaigns_releasefile_stands();
"""

FALL = """
DROP TRIGGER releasefile_stands ON campaigns_releasefile;
DROP FUNCTION campaigns_releasefile_stands();
DROP TRIGGER release_stands ON campaigns_release;
DROP FUNCTION campaigns_release_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_initial")]
    operations = [migrations.RunSQL(STAND, FALL)]
