-- Rasid writes here itself. What it puts in the place of an event has the next number at once; whoever edits one by
-- hand keeps its number until the end, and says a word only then.
DROP TRIGGER reviews_by_hand ON rasid.events;
CREATE TRIGGER reviews_by_hand AFTER UPDATE OF review ON rasid.events
    FOR EACH ROW WHEN (NEW.review IS DISTINCT FROM OLD.review AND NEW.fid = OLD.fid)
    EXECUTE FUNCTION rasid.review_by_hand();
