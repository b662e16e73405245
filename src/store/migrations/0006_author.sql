-- Who wrote the article, as its page or feed names them; several joined by commas.
ALTER TABLE articles ADD COLUMN author TEXT;
