//! The address of a database, as `postgres://user@host:5432/database`, and the password that belongs to it.

use std::fmt::{self, Write as _};
use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// How an address of a database begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// What is no address may hold somebody's password, and is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the address of a database: write postgres://USER@HOST:PORT/DATABASE, marks in names and passwords as %40 for @, options as ?sslmode=require"
)]
pub struct BadAddress;

/// Where a database is and who asks for it. Shown and logged without its password.
///
/// What is asked over a network is encrypted, and the server must show a certificate for its name,
/// unless the address says `sslmode=disable`. On this machine it is so only with `sslmode=require`.
#[derive(Clone)]
pub struct Address {
    config: Config,
    /// Certificates of authorities to trust beside those of the system (PEM).
    roots: Option<PathBuf>,
}

impl Address {
    /// How to connect, with the password that the address has, `PGPASSWORD` or the file of passwords.
    pub(super) fn config(&self) -> Config {
        let mut config = self.config.clone();
        if config.get_password().is_none()
            && let Some(password) = self.password()
        {
            config.password(password);
        }
        config
    }

    pub(super) fn roots(&self) -> Option<&Path> {
        self.roots.as_deref()
    }

    /// The name of the database.
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    fn password(&self) -> Option<String> {
        if let Some(given) = std::env::var("PGPASSWORD").ok().filter(|given| !given.is_empty()) {
            return Some(given);
        }
        let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
        let path = named.or_else(|| Some(std::env::home_dir()?.join(".pgpass")))?;
        let others = fs::metadata(&path).ok()?.permissions().mode() & 0o077;
        if others != 0 {
            tracing::warn!("`{}` is not used: others can read it (chmod 600)", path.display());
            return None;
        }
        let text = fs::read_to_string(path).ok()?;
        self.ends().find_map(|(host, port)| {
            let user = self.config.get_user().unwrap_or_default();
            password_in(&text, [&host, &port.to_string(), self.database(), user])
        })
    }

    /// The hosts with their ports.
    fn ends(&self) -> impl Iterator<Item = (String, u16)> {
        let ports = self.config.get_ports();
        let port = move |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        hosts.enumerate().map(move |(at, host)| (host, port(at)))
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        if !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            return Err(BadAddress);
        }
        let (text, roots) = without_libpq_words(text);
        let mut config: Config = text.parse().map_err(|_may_hold_a_password| BadAddress)?;
        let named = config.get_dbname().is_some_and(|name| !name.is_empty());
        if !named || config.get_hosts().is_empty() {
            return Err(BadAddress);
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            // To ask and to be content with a no is to trust whoever answers.
            let near = config.get_hosts().iter().all(is_this_machine);
            config.ssl_mode(if near { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            // A network that was cut does not say so.
            config.tcp_user_timeout(PATIENCE).keepalives_idle(PATIENCE);
            config.keepalives_interval(PATIENCE / 5).keepalives_retries(3);
        }
        if config.get_application_name().is_none() {
            config.application_name("rasid");
        }
        Ok(Self { config, roots })
    }
}

/// How long a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// `sslrootcert` is ours to read, and `verify-full` is what `require` means here.
fn without_libpq_words(text: &str) -> (String, Option<PathBuf>) {
    let Some((address, options)) = text.split_once('?') else { return (text.to_owned(), None) };
    let mut roots = None;
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(options.as_bytes()) {
        match (&*name, &*value) {
            ("sslrootcert", "system") => {}
            ("sslrootcert", file) => roots = Some(PathBuf::from(file)),
            ("sslmode", "verify-full" | "verify-ca") => {
                kept.append_pair("sslmode", "require");
            }
            (name, value) => {
                kept.append_pair(name, value);
            }
        }
    }
    // The reader of addresses takes a plus as it is.
    (format!("{address}?{}", kept.finish().replace('+', "%20")), roots)
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
    }
}

/// The password in a file of lines `host:port:database:user:password`, where `*` stands for any.
///
/// <https://www.postgresql.org/docs/15/libpq-pgpass.html>
fn password_in(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = vec![String::new()];
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            // The password is what is left, colons and all.
            let is_end = c == ':' && fields.len() <= wanted.len();
            match c {
                _ if is_end => fields.push(String::new()),
                '\\' => fields.last_mut()?.extend(chars.next()),
                c => fields.last_mut()?.push(c),
            }
        }
        let password = fields.pop()?;
        let fits = |(field, wanted): (&String, &&str)| field == "*" || field == wanted;
        let is_whole = fields.len() == wanted.len();
        (is_whole && fields.iter().zip(&wanted).all(fits)).then_some(password)
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        for (at, (host, port)) in self.ends().enumerate() {
            if at > 0 {
                f.write_char(',')?;
            }
            write!(f, "{host}:{port}")?;
        }
        write!(f, "/{}", self.database())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("postgres://a:secret@db.example.org/x", "postgres://a@db.example.org:5432/x"),
            (
                "postgresql://a:s%40t@h:6000,g:6001/x?sslmode=disable",
                "postgres://a@h:6000,g:6001/x",
            ),
            (
                "postgres:///x?host=/var/run/postgresql&user=a",
                "postgres://a@/var/run/postgresql:5432/x",
            ),
        ] {
            let read = address(text);
            assert_eq!(read.to_string(), shown);
            assert!(!format!("{read:?}").contains("secret"), "{read:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for text in [
            "postgres://",
            "postgres://host",
            "postgres:///x",
            "postgres://a:sec?ret@host/x",
            "postgres://a@host:port/x",
            "postgres://a@host/x?sslmode=never",
            "rasid.gpkg",
        ] {
            let told = text.parse::<Address>().unwrap_err().to_string();
            assert!(
                !told.contains("sec") && told.contains("postgres://USER@HOST"),
                "{text}: {told}"
            );
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_the_address_says_otherwise() {
        for (text, mode) in [
            ("postgres://db.example.org/x", SslMode::Require),
            ("postgres://10.0.0.3/x?sslmode=prefer", SslMode::Require),
            ("postgres://10.0.0.3/x?sslmode=verify-full", SslMode::Require),
            ("postgres://db.example.org/x?sslmode=disable", SslMode::Disable),
            ("postgres://127.0.0.1/x", SslMode::Disable),
            ("postgres://localhost,db.example.org/x", SslMode::Require),
            ("postgres://localhost/x?sslmode=require", SslMode::Require),
            ("postgres:///x?host=/run/postgresql", SslMode::Disable),
        ] {
            assert_eq!(address(text).config.get_ssl_mode(), mode, "{text}");
        }
    }

    #[test]
    fn words_of_other_programs_are_understood() {
        let read = address(
            "postgres://a@h/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&options=-c%20work_mem%3D8MB",
        );
        assert_eq!(read.roots(), Some(Path::new("/etc/ca.pem")));
        assert_eq!(read.config.get_options(), Some("-c work_mem=8MB"));
    }

    #[test]
    fn a_file_of_passwords_is_read_as_other_programs_do() {
        let text =
            "# host:port:database:user:password\nh:1:x:b:no\nbroken\nh:*:x:a:s\\:1:2\n*:*:*:*:any";
        assert_eq!(password_in(text, ["h", "5432", "x", "a"]).as_deref(), Some("s:1:2"));
        assert_eq!(password_in(text, ["g", "5432", "x", "a"]).as_deref(), Some("any"));
        assert_eq!(password_in("h:1:x:a:s", ["h", "2", "x", "a"]), None);
    }
}
