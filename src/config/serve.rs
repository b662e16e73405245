//! What a server is told.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, a_store, address, published};
use crate::model::article::Published;
use crate::store::copy::Location;
use crate::web::articles::Token;
use crate::web::base::BaseUrl;
use crate::web::basemap::TileAddress;

/// `rasid serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Files and folders of articles (text, HTML), and addresses of feeds, sitemaps and pages, to read at start
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// How the web is read
    #[command(flatten)]
    pub reading: Reading,
    /// The store: one GeoPackage file, made if it is not there; or a database (postgres://USER@HOST:PORT/DATABASE), where several may serve
    #[arg(long, env = "RASID_STORE", value_name = "STORE", default_value = "rasid.gpkg", value_parser = a_store())]
    pub store: Location,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "RASID_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Address that links are made with, if it is not the one clients ask for
    #[arg(long, env = "RASID_BASE_URL", value_name = "URL")]
    pub base_url: Option<BaseUrl>,
    /// List of feeds to read, again and again (TOML)
    #[arg(long, env = "RASID_FEEDS", value_name = "FILE")]
    pub feeds: Option<PathBuf>,
    /// What a client shows to hand in articles (POST /articles); without it nobody can
    #[arg(
        long,
        env = "RASID_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub token: Option<Token>,
    /// Tiles to show under the events instead of outlines; their host learns where readers look
    #[arg(long, env = "RASID_TILES", value_name = "URL")]
    pub tiles: Option<TileAddress>,
    /// Who made the tiles, as their licence wants it said on the map
    #[arg(long, env = "RASID_TILES_ATTRIBUTION", value_name = "TEXT", requires = "tiles")]
    pub tiles_attribution: Option<String>,
    /// File of vector tiles (`PMTiles`) to show under the events instead of outlines
    #[arg(long, env = "RASID_BASEMAP", value_name = "FILE", conflicts_with = "tiles")]
    pub basemap: Option<PathBuf>,
    /// Publication date of articles that carry none (YYYY-MM-DD)
    #[arg(long, env = "RASID_PUBLISHED", value_name = "DATE", value_parser = published)]
    pub published: Option<Published>,
    /// Whether to bring in the open sources of place names beside the work, for the next start
    #[arg(
        long = "gazetteer-update",
        env = "RASID_GAZETTEER_UPDATE",
        value_name = "WHEN",
        value_enum,
        default_value_t = Renew::Auto
    )]
    pub renew: Renew,
    /// List of open sources to use instead of the one built in (TOML)
    #[arg(long = "gazetteer-sources", env = "RASID_GAZETTEER_SOURCES", value_name = "FILE")]
    pub sources_list: Option<PathBuf>,
    /// What a server of a database does; of a file it does all
    #[arg(long, env = "RASID_ROLE", value_name = "ROLE", value_enum, default_value_t = Role::All)]
    pub role: Role,
}

impl Serve {
    /// Whether there is anything to take articles from.
    pub const fn takes_articles(&self) -> bool {
        !self.sources.is_empty() || self.feeds.is_some() || self.token.is_some()
    }

    /// Refuses what does not go with a role.
    pub(super) fn fits(&self) -> Result<(), &'static str> {
        match (self.role, &self.store) {
            (Role::All, _) => Ok(()),
            (_, Location::File(_)) => Err(
                "--role is for a store in a database (postgres://…): a file has one server, which does all",
            ),
            (Role::Read, _) if self.takes_articles() => Err(
                "a server with --role read only reads: take the sources, --feeds and --token away, or choose --role all",
            ),
            (Role::Ingest, _) if !self.takes_articles() => Err(
                "a server with --role ingest needs something to take articles from: name sources, --feeds or --token",
            ),
            _ => Ok(()),
        }
    }
}

/// What a server of a database does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Answers readers, and takes articles in if it is told where from
    All,
    /// Only answers readers, and needs no right to write
    Read,
    /// Only takes articles in: holds no events in memory, and answers /health, /metrics and POST /articles
    Ingest,
}

/// When a server brings in the open sources of place names.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Renew {
    /// When those beside the store are missing or older than a week, and no `--gazetteer` is given
    Auto,
    /// Never: the network is not used
    Never,
}
