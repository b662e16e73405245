-- Events that are kept no longer, so that whoever follows the changes of the file learns of it. Each has
-- the next number of the sequence that events have; an event that is replaced is not here, but in
-- its table again with a new number.
CREATE TABLE removed (
    fid INTEGER PRIMARY KEY NOT NULL, -- when: from the sequence of events.fid
    event_id TEXT NOT NULL
);
