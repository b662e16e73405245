-- The store is a GeoPackage 1.3 (https://www.geopackage.org/spec130/), so that GIS programs open it as it is.
-- The first six tables are the standard's; their columns are explained there.

CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL,
    srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition TEXT NOT NULL,
    description TEXT
);

INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
    ('WGS 84 geodetic', 4326, 'EPSG', 4326,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
     'longitude and latitude in decimal degrees on the WGS 84 spheroid');

CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY,
    data_type TEXT NOT NULL,
    identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x DOUBLE,
    min_y DOUBLE,
    max_x DOUBLE,
    max_y DOUBLE,
    srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL,
    column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL,
    m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

-- What is ours alone. Not in gpkg_contents, so GIS programs leave it alone.
CREATE TABLE rasid_meta (
    key TEXT NOT NULL PRIMARY KEY,   -- 'schema_version': the last migration that ran
    value TEXT NOT NULL
);

-- Every article that was read, with or without events: what is here is not read again.
CREATE TABLE articles (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    article_id TEXT NOT NULL UNIQUE,
    publisher TEXT,
    url TEXT,
    title TEXT,
    lang TEXT NOT NULL,              -- 'ar' or 'en': the language it is read in
    published TEXT,                  -- YYYY-MM-DD or RFC 3339, as the source gave it; never the time of fetching
    text TEXT NOT NULL,              -- as it was read; the offsets of its events count its characters
    sha256 TEXT NOT NULL,            -- of text in UTF-8, lower-case hex
    extractor TEXT                   -- program and version that drew its events; null if it drew none
);

-- One row an event. The columns after event_id are the properties of the feature, in the order of the code book;
-- null means unknown, never zero.
CREATE TABLE events (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,  -- the change sequence: grows with each commit, never used twice
    geom POINT,                      -- GeoPackage binary, EPSG:4326, longitude first; null if the place is not known
    event_id TEXT NOT NULL UNIQUE,   -- the id of the feature
    event_type TEXT NOT NULL,
    sub_event_type TEXT NOT NULL,
    disorder_type TEXT NOT NULL,
    civilian_targeting TEXT,         -- 'Civilians targeted' or null
    event_date DATE,
    event_date_end DATE,             -- null if it is the same day
    time_precision INTEGER,          -- 1 day, 2 week, 3 month or less
    date_text TEXT,
    actor1 TEXT,
    assoc_actor_1 TEXT,              -- joined by '; '
    inter1 TEXT,
    actor2 TEXT,
    assoc_actor_2 TEXT,              -- joined by '; '
    inter2 TEXT,
    actor_ids TEXT,                  -- a JSON array of lexicon ids
    location TEXT,
    location_ar TEXT,
    admin1 TEXT,
    admin2 TEXT,
    admin3 TEXT,
    admin1_pcode TEXT,
    place_id TEXT,
    geo_precision INTEGER,           -- 1 at the place, 2 near it, 3 in the region
    place_text TEXT,
    fatalities INTEGER,
    fatalities_low INTEGER,
    fatalities_high INTEGER,
    injured INTEGER,
    injured_low INTEGER,
    injured_high INTEGER,
    personnel INTEGER,
    vehicles INTEGER,                -- trucks apart
    trucks INTEGER,
    certainty TEXT NOT NULL,
    confidence REAL NOT NULL,        -- 0 to 1
    review TEXT NOT NULL,
    evidence TEXT NOT NULL,
    evidence_start INTEGER NOT NULL, -- in characters (Unicode scalar values) of articles.text
    evidence_end INTEGER NOT NULL,   -- exclusive
    attribution TEXT,
    article_id TEXT NOT NULL REFERENCES articles (article_id),
    source TEXT,
    source_url TEXT,
    title TEXT,
    published TEXT,                  -- as in articles
    n_sources INTEGER NOT NULL,
    extractor TEXT NOT NULL
);

CREATE INDEX events_article_id ON events (article_id);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
    ('events', 'features', 'events', 'Conflict events with their evidence', 4326),
    ('articles', 'attributes', 'articles', 'The articles that the events were read in', NULL);

INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', 4326, 0, 0);

-- 'GPKG' in ASCII; and GeoPackage 1.3.0.
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
