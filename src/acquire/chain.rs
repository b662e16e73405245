//! Several sources as one.

use super::{Error, Source};
use crate::model::article::Article;

/// Sources that are read one after the other, each from its beginning.
#[derive(Debug)]
pub struct Chain(Vec<Box<dyn Source>>);

impl Chain {
    /// Joins sources in the order in which they are read.
    pub fn new(sources: Vec<Box<dyn Source>>) -> Self {
        Self(sources)
    }
}

impl Source for Chain {
    fn articles(&mut self) -> Box<dyn Iterator<Item = Result<Article, Error>> + '_> {
        Box::new(self.0.iter_mut().flat_map(|source| source.articles()))
    }
}
