-- Who wrote the article, as its page or feed names them; several joined by commas.
ALTER TABLE articles ADD COLUMN author TEXT;
-- How far its outlet is believed, in percent, as the list of feeds said when it was kept; null if it did not.
ALTER TABLE articles ADD COLUMN trust INTEGER;
