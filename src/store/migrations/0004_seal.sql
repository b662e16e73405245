-- A seal says that all events have been as rasid wrote them since it was set. Whoever changes one otherwise
-- than by a new row breaks it; rasid, which gives what it changes a new number, mends it.
CREATE TRIGGER seal_breaks_by_update AFTER UPDATE ON events
    BEGIN DELETE FROM rasid_meta WHERE key = 'seal'; END;
CREATE TRIGGER seal_breaks_by_delete AFTER DELETE ON events
    BEGIN DELETE FROM rasid_meta WHERE key = 'seal'; END;
CREATE TRIGGER seal_breaks_by_insert AFTER INSERT ON events
    WHEN NEW.fid < (SELECT seq FROM sqlite_sequence WHERE name = 'events')
    BEGIN DELETE FROM rasid_meta WHERE key = 'seal'; END;
