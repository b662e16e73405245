-- What people say of events, in a form: who, and what of it they corrected. Beside the words of an event there
-- are those of two reports: 'joined' (they tell of one happening) and 'parted' (of two); and 'undone'.

ALTER TABLE reviews ADD COLUMN reviewer TEXT;        -- who says so; null if it was written into the event
ALTER TABLE reviews ADD COLUMN correction TEXT;      -- JSON: the properties (and point) that it corrects; null otherwise
ALTER TABLE reviews ADD COLUMN other_id TEXT;        -- the other report of the two; null otherwise
ALTER TABLE reviews ADD COLUMN undoes INTEGER;       -- the row that does not count any more; null otherwise
ALTER TABLE reviews ADD COLUMN was TEXT;             -- of an event that was imported, and has no report: what it was, a feature

CREATE INDEX reviews_other_id ON reviews (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX reviews_undoes ON reviews (undoes) WHERE undoes IS NOT NULL;

-- Whoever changes the review of an event in a GIS program says a word as well.
CREATE TRIGGER reviews_by_hand AFTER UPDATE OF review ON events WHEN NEW.review IS NOT OLD.review
    BEGIN INSERT INTO reviews (event_id, review, note, reviewed)
        VALUES (NEW.event_id, NEW.review, 'found in the event', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')); END;
