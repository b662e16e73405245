-- Several articles tell of one happening. What each of them says is a row of reports; a row of events is what
-- they say together.

-- The address in one spelling: without scheme, www, trackers and the like; null if there is none.
ALTER TABLE articles ADD COLUMN address TEXT;
-- Hash of the folded text, the same however it is spaced and pointed; null until it is computed.
ALTER TABLE articles ADD COLUMN text_hash TEXT;
-- 128 least hashes of the text, 32 bits each, little-endian: how alike two texts are.
ALTER TABLE articles ADD COLUMN minhash BLOB;
-- The source that brought it, as rasid calls it.
ALTER TABLE articles ADD COLUMN source_name TEXT;
-- When this text was kept; says nothing about when anything happened.
ALTER TABLE articles ADD COLUMN fetched DATETIME;
-- 1 as first read, 2 after its first change; 0 if only quotations are known, from imported events.
ALTER TABLE articles ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- Of what was imported, only the quotations are there.
UPDATE articles SET revision = 0
    WHERE article_id IN (SELECT article_id FROM events WHERE extractor NOT LIKE 'rasid %');

CREATE INDEX articles_address ON articles (address) WHERE address IS NOT NULL;
-- Those whose reports are still to be compared with others.
CREATE INDEX articles_uncompared ON articles (fid) WHERE text_hash IS NULL AND revision > 0;

-- What an article said before it was changed.
CREATE TABLE revisions (
    article_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    title TEXT,
    published TEXT,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    fetched DATETIME,
    superseded DATETIME NOT NULL,    -- when the next one was kept
    PRIMARY KEY (article_id, revision)
);

-- An event as one article tells it.
CREATE TABLE reports (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id TEXT NOT NULL UNIQUE,  -- the id that its event has if no other article tells it
    article_id TEXT NOT NULL REFERENCES articles (article_id),
    event_id TEXT NOT NULL,          -- the event that it belongs to: events.event_id
    feature TEXT NOT NULL,           -- as it was read, a GeoJSON feature
    place_kind TEXT,                 -- of the gazetteer's place: tells a town from its quarter
    joined TEXT                      -- why it belongs there, JSON; null for the one that the event is named after
);

CREATE INDEX reports_article_id ON reports (article_id);
CREATE INDEX reports_event_id ON reports (event_id);

-- Where and when a report could meet another: degrees, and days since 1970-01-01.
CREATE VIRTUAL TABLE reports_reach USING rtree (fid, west, east, south, north, first, last);

-- How far each source has been read, and how it does.
CREATE TABLE sources (
    name TEXT PRIMARY KEY NOT NULL,
    position TEXT,                   -- in words of the source's own; null if it begins anew each time
    state TEXT                       -- JSON: when it was last read, its last error and so on
);

-- What people made of events. Only ever added to: the last row of an event counts.
CREATE TABLE reviews (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    event_id TEXT NOT NULL,          -- the event, or a report that has joined another since
    review TEXT NOT NULL,            -- 'confirmed', 'corrected', 'rejected'; 'machine' takes back
    note TEXT,
    reviewed DATETIME NOT NULL
);

CREATE INDEX reviews_event_id ON reviews (event_id);
CREATE TRIGGER reviews_are_not_changed BEFORE UPDATE ON reviews
    BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;
CREATE TRIGGER reviews_are_not_deleted BEFORE DELETE ON reviews
    BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;

-- Until now a person's word stood in the event alone.
INSERT INTO reviews (event_id, review, note, reviewed)
    SELECT event_id, review, 'found in the event', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM events WHERE review <> 'machine';
