-- What lets others follow the changes of events: numbers that are seen in their order, whoever writes.

-- One transaction changes events at a time. It waits here before it takes its first number, and the next goes on
-- once it can be seen: who has seen a number has seen all before it. The key is one of those in postgis.rs.
CREATE FUNCTION rasid.change_begins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(8241995689551200259);
    RETURN NULL;
END $$;

-- Wakes who listens, when it can be seen.
CREATE FUNCTION rasid.change_is_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_notify('rasid', '');
    RETURN NULL;
END $$;

CREATE TRIGGER change_begins BEFORE INSERT OR UPDATE OR DELETE ON rasid.events
    FOR EACH STATEMENT EXECUTE FUNCTION rasid.change_begins();
CREATE TRIGGER change_begins BEFORE INSERT OR UPDATE OR DELETE ON rasid.removed
    FOR EACH STATEMENT EXECUTE FUNCTION rasid.change_begins();
CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE OR DELETE ON rasid.events
    FOR EACH STATEMENT EXECUTE FUNCTION rasid.change_is_told();
CREATE TRIGGER change_is_told AFTER INSERT OR UPDATE OR DELETE ON rasid.removed
    FOR EACH STATEMENT EXECUTE FUNCTION rasid.change_is_told();

-- An event that is edited gets its next number when its transaction ends: until then its editor finds it by the old one.
CREATE FUNCTION rasid.change_is_numbered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE rasid.events SET fid = nextval('rasid.events_fid_seq') WHERE fid = OLD.fid;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER change_is_numbered AFTER UPDATE ON rasid.events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.fid = OLD.fid AND NEW IS DISTINCT FROM OLD) EXECUTE FUNCTION rasid.change_is_numbered();

-- One that is deleted leaves a number behind.
CREATE FUNCTION rasid.removal_is_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO rasid.removed (event_id) VALUES (OLD.event_id);
    RETURN NULL;
END $$;
ALTER TABLE rasid.removed ALTER fid SET DEFAULT nextval('rasid.events_fid_seq');
CREATE TRIGGER removal_is_kept AFTER DELETE ON rasid.events
    FOR EACH ROW EXECUTE FUNCTION rasid.removal_is_kept();

-- Of a table that is emptied as a whole nobody is told row by row: it is another store then, and read anew.
CREATE FUNCTION rasid.store_is_another() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE rasid.rasid_meta SET value = gen_random_uuid()::text WHERE key = 'identity';
    PERFORM pg_notify('rasid', '');
    RETURN NULL;
END $$;
CREATE TRIGGER store_is_another AFTER TRUNCATE ON rasid.events
    FOR EACH STATEMENT EXECUTE FUNCTION rasid.store_is_another();

INSERT INTO rasid.rasid_meta VALUES ('identity', gen_random_uuid()::text);
COMMENT ON COLUMN rasid.rasid_meta.key IS 'schema_version: the last migration that ran; identity: changes with the store that is kept here; copying: a copy is not finished, nothing here counts yet';
