//! `rasid review`

use clap::Args;

use crate::store::copy::Location;

/// `rasid review`
#[derive(Debug, Args)]
pub struct Review {
    /// Ids of events, as the map and the API give them; without any, and without a word on them, what was said is listed
    #[arg(value_name = "EVENT")]
    pub events: Vec<String>,
    /// What is said of them
    #[command(flatten)]
    pub word: Word,
    /// Who says it; otherwise the name of the user
    #[arg(long, env = "RASID_REVIEWER", value_name = "NAME")]
    pub by: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// List the events that may be one, with how surely
    #[arg(long, conflicts_with = "events")]
    pub possible_duplicates: bool,
    /// The store: one GeoPackage file, or a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = super::a_store())]
    pub store: Location,
}

/// One word on events.
#[derive(Debug, Args)]
#[group(id = "word", requires = "events")]
pub struct Word {
    /// They are as they are told
    #[arg(long, conflicts_with_all = ["reject", "set", "place", "join", "split", "undo"])]
    pub confirm: bool,
    /// There was no such event: it leaves the map
    #[arg(long, conflicts_with_all = ["set", "place", "join", "split", "undo"])]
    pub reject: bool,
    /// A property is this, as `fatalities=3`; without a value it is not known. Given again, one more
    #[arg(long, value_name = "NAME=VALUE", conflicts_with_all = ["join", "split", "undo"])]
    pub set: Vec<String>,
    /// It was at this place: a name that means one, or an id of the gazetteer
    #[arg(long, value_name = "PLACE", conflicts_with_all = ["join", "split", "undo"])]
    pub place: Option<String>,
    /// It and this event are one
    #[arg(long, value_name = "OTHER", conflicts_with_all = ["split", "undo"])]
    pub join: Option<String>,
    /// This report of it tells of another event
    #[arg(long, value_name = "REPORT", conflicts_with = "undo")]
    pub split: Option<String>,
    /// Take the last word on them back
    #[arg(long)]
    pub undo: bool,
}
