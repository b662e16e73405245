//! Many articles from a stream, one JSON object a line.

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use super::{Error, Options, Record};
use crate::model::article::Article;

/// The articles of a stream, in its order. A line that is none is an error, and the next is read.
pub(super) struct Lines<'a, B> {
    stream: B,
    name: PathBuf,
    options: &'a Options,
    number: usize,
    ended: bool,
}

impl<'a, B: BufRead> Lines<'a, B> {
    pub(super) fn new(name: &Path, stream: B, options: &'a Options) -> Self {
        Self { stream, name: name.to_owned(), options, number: 0, ended: false }
    }

    /// The next line that is not blank, without what exceeds the limit.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            self.number += 1;
            let limit = self.options.max_bytes;
            let mut line = Vec::new();
            let mut taken = (&mut self.stream).take(limit.saturating_add(1));
            let size = taken
                .read_until(b'\n', &mut line)
                .map_err(|source| Error::reading(&self.name, source))?
                as u64;
            if size == 0 {
                return Ok(None);
            }
            if size > limit && !line.ends_with(b"\n") {
                self.stream
                    .skip_until(b'\n')
                    .map_err(|source| Error::reading(&self.name, source))?;
                let path =
                    PathBuf::from(format!("line {} of {}", self.number, self.name.display()));
                return Err(Error::TooLarge { path, size, limit });
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn article(&self, line: &[u8]) -> Result<Article, Error> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let record: Record = serde_json::from_slice(line).map_err(|source| Error::Line {
            path: self.name.clone(),
            number: self.number,
            source,
        })?;
        Ok(record.into_article(self.options))
    }
}

impl<B: BufRead> Iterator for Lines<'_, B> {
    type Item = Result<Article, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.line() {
            Ok(Some(line)) => Some(self.article(&line)),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                // After a line that is too long there are others; after a stream that fails, none.
                self.ended = !matches!(error, Error::TooLarge { .. });
                Some(Err(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, max_bytes: u64) -> Vec<Result<String, String>> {
        let options = Options { max_bytes, ..Options::default() };
        let told =
            |read: Result<Article, Error>| read.map(|it| it.id.0).map_err(|it| it.to_string());
        Lines::new(Path::new("x"), text.as_bytes(), &options).map(told).collect()
    }

    #[test]
    fn each_line_is_an_article_or_an_error() {
        let lines = "\u{feff}{\"id\": \"1\", \"text\": \"قصف\"}\n\n not JSON\r\n{\"id\": \"2\", \"text\": \"b\"}";
        let read = read(lines, 1_000);
        let wrong = Err("line 3 of `x` is not an article".to_owned());
        assert_eq!(read, [Ok("1".to_owned()), wrong, Ok("2".to_owned())]);
    }

    #[test]
    fn a_line_over_the_limit_costs_only_itself() {
        let long = "x".repeat(100);
        let lines = format!(
            "{{\"id\": \"1\", \"text\": \"{long}\"}}\n{{\"id\": \"2\", \"text\": \"b\"}}\n"
        );
        let read = read(&lines, 40);
        assert!(
            read.first().unwrap().as_ref().unwrap_err().starts_with("`line 1 of x` has 41 bytes")
        );
        assert_eq!(read.get(1..), Some([Ok("2".to_owned())].as_slice()));
    }
}
