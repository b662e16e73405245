//! What the operator says: flags, environment and file, made into each stage's own options.

mod file;
mod review;
mod serve;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

pub use review::{Review, Word};
pub use serve::{Renew, Role, Serve};

use crate::formats::Format;
use crate::formats::read::Kind;
use crate::model::article::{NotADate, Published};
use crate::model::point::Bbox;
use crate::model::when::Interval;
use crate::store::copy::Location;
use crate::store::postgis::BadAddress;
use crate::web::articles::NoToken;

/// A conflict-event map server for Syria: articles in, events with their evidence out.
#[derive(Debug, Parser)]
#[command(name = "rasid", version, about, max_term_width = 100)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// The sources that every command shares.
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// File of settings (TOML); without it `rasid.toml` in the working folder, if it is there
    #[arg(long, global = true, env = "RASID_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How the log is written
    #[arg(long, global = true, env = "RASID_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Human,
    /// An object of JSON a line, for programs
    Json,
}

impl Config {
    /// Reads the command line; flags go before variables, these before the file, and that before
    /// defaults. Ends the program with words where something is wrong or help is asked for.
    pub fn read() -> Self {
        let args: Vec<_> = std::env::args_os().collect();
        let command = file::with_file(Self::command(), &args)
            .unwrap_or_else(|error| Self::command().error(ErrorKind::Io, error).exit());
        let matches =
            command.try_get_matches_from(args).unwrap_or_else(|error| discreet(error).exit());
        let config = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        if let Command::Serve(serve) = &config.command
            && let Err(why) = serve.fits()
        {
            Self::command().error(ErrorKind::ArgumentConflict, why).exit();
        }
        config
    }
}

/// A text that is no token, or no address of a database, may hold somebody's password, and is not repeated.
fn discreet(error: clap::Error) -> clap::Error {
    let text = |of| match error.get(of) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let arg = text(ContextKind::InvalidArg).split(' ').next().unwrap_or_default();
    let why = if arg == "--token" {
        NoToken.to_string()
    } else if arg == "--store" {
        NO_STORE.to_owned()
    } else if ["--from", "--to"].contains(&arg) {
        BadAddress.to_string()
    } else {
        return error;
    };
    Config::command().error(ErrorKind::ValueValidation, format!("{arg}: {why}"))
}

/// Word lists and place names; the ones built in serve where none are given.
#[derive(Debug, Args)]
pub struct Knowledge {
    /// Place names to use instead of the ones built in (GeoJSON)
    #[arg(long, global = true, env = "RASID_GAZETTEER", value_name = "FILE")]
    pub gazetteer: Option<PathBuf>,
    /// Folder of word lists to use instead of the ones built in (triggers.toml, actors.toml, …)
    #[arg(long, global = true, env = "RASID_LEXICON", value_name = "FOLDER")]
    pub lexicon: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the map and the API; read the given sources beside it
    Serve(Serve),
    /// Read sources into the store, once
    Ingest(Ingest),
    /// Print the events of articles; nothing is kept
    Extract(Extract),
    /// Print the places that a name or phrase can mean, best first
    Geocode(Geocode),
    /// Write the events of the store to a file
    Export(Export),
    /// Read events that were coded elsewhere, or exported, into the store
    Import(Import),
    /// Read the articles of the store again with the present word lists and place names
    Reextract(Reextract),
    /// Say the last word on events, or list what was said; also while they are served
    Review(Review),
    /// Write a copy of the store, also while it is served
    Backup(Backup),
    /// Make a copy the store
    Restore(Restore),
    /// Copy the store into a PostgreSQL database with PostGIS, or back into a file
    Copy(Copy),
    /// Check, count and update the place names
    #[command(subcommand)]
    Gazetteer(Gazetteer),
    /// Try the outlets of a list
    #[command(subcommand)]
    Feeds(Feeds),
}

/// How the web is read.
#[derive(Debug, Default, Args)]
pub struct Reading {
    /// Read addresses inside this network too, not only public ones
    #[arg(long, env = "RASID_ALLOW_PRIVATE_ADDRESSES")]
    pub allow_private_addresses: bool,
    /// Page or mail of whoever runs this, told to every site that is read
    #[arg(long, env = "RASID_CONTACT", value_name = "ADDRESS")]
    pub contact: Option<String>,
}

/// `rasid feeds`
#[derive(Debug, Subcommand)]
pub enum Feeds {
    /// Read each outlet of a list and its first article, and tell what was read or what is wrong
    Check(CheckFeeds),
}

/// `rasid feeds check`
#[derive(Debug, Args)]
pub struct CheckFeeds {
    /// The list of outlets (TOML)
    #[arg(value_name = "FILE", default_value = "feeds.toml")]
    pub file: PathBuf,
    /// How the web is read
    #[command(flatten)]
    pub reading: Reading,
}

/// `rasid ingest`
#[derive(Debug, Args)]
pub struct Ingest {
    /// Files and folders of articles (text, HTML), and addresses of feeds, sitemaps and pages
    #[arg(value_name = "SOURCE", required_unless_present = "feeds")]
    pub sources: Vec<String>,
    /// List of feeds to read, each once (TOML)
    #[arg(long, value_name = "FILE")]
    pub feeds: Option<PathBuf>,
    /// How the web is read
    #[command(flatten)]
    pub reading: Reading,
    /// The store: one GeoPackage file, made if it is not there; or a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = a_store())]
    pub store: Location,
    /// Publication date of articles that carry none (YYYY-MM-DD)
    #[arg(long, env = "RASID_PUBLISHED", value_name = "DATE", value_parser = published)]
    pub published: Option<Published>,
}

/// `rasid extract`
#[derive(Debug, Args)]
pub struct Extract {
    /// Articles: files, folders, addresses; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub files: Vec<String>,
    /// How the web is read
    #[command(flatten)]
    pub reading: Reading,
    /// Publication date of articles that carry none (YYYY-MM-DD)
    #[arg(long, env = "RASID_PUBLISHED", value_name = "DATE", value_parser = published)]
    pub published: Option<Published>,
    /// How to print the events
    #[arg(long, env = "RASID_FORMAT", value_enum, default_value_t = OutputFormat::Geojson)]
    pub format: OutputFormat,
    /// Tell for each sentence what was found, what was refused, and why
    #[arg(long, env = "RASID_EXPLAIN")]
    pub explain: bool,
    /// Read one article a line as JSON, print one answer a line; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    pub jsonl: Option<PathBuf>,
}

/// `rasid geocode`
#[derive(Debug, Args)]
pub struct Geocode {
    /// Names or phrases, as `قرية الشيخ علي، ريف إدلب` or `Tishreen Dam, Manbij`
    #[arg(value_name = "TEXT", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub texts: Vec<String>,
    /// A place that the ones meant lie near
    #[arg(long, value_name = "PLACE", conflicts_with = "jsonl")]
    pub near: Option<String>,
    /// Read one name a line as JSON, print one answer a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
}

/// `rasid export`
#[derive(Debug, Args)]
pub struct Export {
    /// The file to write; `-` is standard output, for formats of text
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// What to write; otherwise the ending of the file tells
    #[arg(long, value_enum)]
    pub format: Option<ExportFormat>,
    /// The store: one GeoPackage file, or a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = a_store())]
    pub store: Location,
    /// Only events in this box: west,south,east,north
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    pub bbox: Option<Bbox>,
    /// Only events of these days: 2024-02-02, or 2024-01-01/.. with an open end
    #[arg(long, value_name = "DAYS")]
    pub datetime: Option<Interval>,
    /// Only events for which this holds (CQL2 text), as "fatalities > 3 AND admin1 = 'Idlib'"
    #[arg(long, value_name = "CQL2")]
    pub filter: Option<String>,
    /// Take the place of a file that is there
    #[arg(long)]
    pub force: bool,
}

/// What events are exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A GeoPackage with one layer (.gpkg)
    Gpkg,
    /// FlatGeobuf with a spatial index (.fgb)
    Flatgeobuf,
    /// One GeoJSON feature collection (.geojson, .json)
    Geojson,
    /// A GeoJSON text sequence (.geojsons, .geojsonseq)
    Geojsonseq,
    /// One GeoJSON Feature a line (.geojsonl, .ndjson)
    Geojsonl,
    /// A table with ACLED's column names (.csv)
    Csv,
}

/// `rasid import`
#[derive(Debug, Args)]
pub struct Import {
    /// A table of ACLED or UCDP GED (CSV), or GeoJSON of ours; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What it is; otherwise its beginning tells
    #[arg(long, value_enum)]
    pub format: Option<ImportFormat>,
    /// The store: one GeoPackage file, made if it is not there; or a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = a_store())]
    pub store: Location,
}

/// What events are imported from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// A table of ACLED's (CSV)
    Acled,
    /// A table of UCDP's Georeferenced Event Dataset (CSV)
    Ucdp,
    /// GeoJSON as rasid writes it: a collection, a text sequence or a feature a line
    Geojson,
}

impl From<ImportFormat> for Kind {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Acled => Self::Acled,
            ImportFormat::Ucdp => Self::Ucdp,
            ImportFormat::Geojson => Self::GeoJson,
        }
    }
}

/// `rasid reextract`
#[derive(Debug, Args)]
pub struct Reextract {
    /// Only articles published, or else kept, since that day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub since: Option<Published>,
    /// Tell what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The store: one GeoPackage file, or a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = a_store())]
    pub store: Location,
}

/// `rasid backup`
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy to write; it is whole or not there
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// The store: one GeoPackage file
    #[arg(long, env = "RASID_STORE", value_name = "FILE", default_value = "rasid.gpkg", value_parser = a_file())]
    pub store: PathBuf,
}

/// `rasid restore`
#[derive(Debug, Args)]
pub struct Restore {
    /// A copy that `rasid backup` wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The store: one GeoPackage file
    #[arg(long, env = "RASID_STORE", value_name = "FILE", default_value = "rasid.gpkg", value_parser = a_file())]
    pub store: PathBuf,
    /// Take the place of a store that is there
    #[arg(long)]
    pub force: bool,
}

/// `rasid copy`
#[derive(Debug, Args)]
pub struct Copy {
    /// The store to copy: a GeoPackage file, or the address of a database (postgres://USER@HOST:PORT/DATABASE)
    #[arg(long, value_name = "STORE")]
    pub from: Location,
    /// Where there is no store yet: the name of a file, or the address of a database
    #[arg(long, value_name = "STORE")]
    pub to: Location,
}

/// `rasid gazetteer`
#[derive(Debug, Subcommand)]
pub enum Gazetteer {
    /// Print what is wrong with a file of place names, one finding a line
    Check(Check),
    /// Count the places by kind, governorate and source
    Stats(Stats),
    /// Bring in the open sources (GeoNames, OCHA) and merge them with the place names in use
    Update(Update),
}

/// `rasid gazetteer check`
#[derive(Debug, Args)]
pub struct Check {
    /// The place names (GeoJSON)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Other place names (GeoJSON); points far from all of the same name there are findings, too
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// Governorates (GeoJSON polygons with their P-codes) to hold points against instead of those of the map
    #[arg(long, value_name = "FILE")]
    pub borders: Option<PathBuf>,
}

/// `rasid gazetteer stats`
#[derive(Debug, Args)]
pub struct Stats {
    /// The place names (GeoJSON); without it those that a run would use
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `rasid gazetteer update`
#[derive(Debug, Args)]
pub struct Update {
    /// Folder that holds the sources already; nothing is asked of the network
    #[arg(long, value_name = "FOLDER")]
    pub from: Option<PathBuf>,
    /// Folder that downloads are kept in
    #[arg(
        long,
        env = "RASID_GAZETTEER_CACHE",
        value_name = "FOLDER",
        default_value = "gazetteer-sources"
    )]
    pub cache: PathBuf,
    /// The file to write (GeoJSON); it is replaced only by a whole one
    #[arg(long, value_name = "FILE", default_value = "gazetteer-open.geojson")]
    pub output: PathBuf,
    /// List of sources to use instead of the one built in (TOML)
    #[arg(long = "gazetteer-sources", env = "RASID_GAZETTEER_SOURCES", value_name = "FILE")]
    pub sources_list: Option<PathBuf>,
}

/// How events are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OutputFormat {
    /// One GeoJSON feature collection
    Geojson,
    /// One GeoJSON Feature a line
    Geojsonl,
    /// A table for spreadsheets
    Csv,
    /// A table for the eye
    Table,
}

impl OutputFormat {
    /// How features are written so; `None` for a table for the eye.
    pub const fn of_features(self) -> Option<Format> {
        match self {
            Self::Geojson => Some(Format::GeoJson),
            Self::Geojsonl => Some(Format::GeoJsonLines),
            Self::Csv => Some(Format::Csv),
            Self::Table => None,
        }
    }
}

impl ExportFormat {
    /// What the ending of a file's name stands for.
    pub fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "gpkg" => Some(Self::Gpkg),
            "fgb" => Some(Self::Flatgeobuf),
            "geojson" | "json" => Some(Self::Geojson),
            "geojsons" | "geojsonseq" => Some(Self::Geojsonseq),
            "geojsonl" | "ndjson" => Some(Self::Geojsonl),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// How features are written so; `None` for a database.
    pub const fn of_features(self) -> Option<Format> {
        match self {
            Self::Gpkg => None,
            Self::Flatgeobuf => Some(Format::FlatGeobuf),
            Self::Geojson => Some(Format::GeoJson),
            Self::Geojsonseq => Some(Format::GeoJsonSeq),
            Self::Geojsonl => Some(Format::GeoJsonLines),
            Self::Csv => Some(Format::Csv),
        }
    }

    /// Whether it can be read as text.
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Gpkg | Self::Flatgeobuf)
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_unparsed| "write an IP address and a port, as 127.0.0.1:8080 or [::1]:8080")
}

/// What is said of a store that is no file, or of an address that is none. It may hold a password, and is not repeated.
const NO_STORE: &str = "this is not the name of a file, nor the address of a database that is taken here: write postgres://USER@HOST:PORT/DATABASE, marks in names and passwords as %40 for @; `rasid backup` and `rasid restore` take files alone, `rasid copy` copies a store into a database and back";

fn a_file() -> impl TypedValueParser<Value = PathBuf> {
    let is_file = |path: PathBuf| if is_address(&path) { Err(NO_STORE) } else { Ok(path) };
    PathBufValueParser::new().try_map(is_file)
}

fn a_store() -> impl TypedValueParser<Value = Location> {
    let read = |path: PathBuf| match path.to_str() {
        Some(text) if is_address(&path) => text.parse().map_err(|BadAddress| NO_STORE),
        _ => Ok(Location::File(path)),
    };
    PathBufValueParser::new().try_map(read)
}

/// No file of ours has such a name; a slip in the scheme must not make a password one.
fn is_address(path: &Path) -> bool {
    path.to_string_lossy().contains("://")
}

fn published(text: &str) -> Result<Published, NotADate> {
    Published::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Config::command().debug_assert();
    }

    #[test]
    fn a_wrong_date_is_told_with_what_is_allowed() {
        let told = Config::try_parse_from(["rasid", "extract", "a.txt", "--published", "monday"])
            .unwrap_err();
        assert!(told.to_string().contains("`monday` is not a date: write YYYY-MM-DD"), "{told}");
    }
}
