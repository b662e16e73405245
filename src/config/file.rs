//! `rasid.toml`: what flags and variables leave open.
//!
//! Its keys are the flags of `rasid serve`, and of all commands, by their names. What it says
//! becomes the default of the flag wherever a command has it, so that flags and variables go
//! before it.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use toml::{Table, Value};

use super::{NO_STORE, is_address};
use crate::web::articles::NoToken;

/// Read from the working folder if it is there and no other is named.
const USUAL: &str = "rasid.toml";

/// The key for what `rasid serve` takes without a flag.
const SOURCES: &str = "sources";

/// A configuration file that cannot be used. The message names it and says what is allowed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// It is not there, or nobody lets us read it.
    #[error("cannot read the configuration `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not TOML.
    #[error("the configuration `{}` is not TOML: {source}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: toml::de::Error,
    },
    /// A key that means nothing.
    #[error("the configuration `{}` has an unknown key `{key}`: allowed are {allowed}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What could have been meant.
        allowed: String,
    },
    /// A value that its key cannot have.
    #[error("`{key}` in the configuration `{}` cannot be read: {why}", path.display())]
    BadValue {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong, and what is allowed.
        why: String,
    },
}

/// Makes what the file says the defaults of the command. `args` is the whole command line, which
/// may name the file.
///
/// # Errors
/// If the file cannot be read or holds what is not allowed; without a file there is no error
/// unless one was named.
pub(super) fn with_file(command: Command, args: &[OsString]) -> Result<Command, FileError> {
    let named = named(command.clone(), args);
    let path = named.clone().unwrap_or_else(|| PathBuf::from(USUAL));
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => return Ok(command),
        text => text.map_err(|source| FileError::Unreadable { path: path.clone(), source })?,
    };
    let meant = matches(command.clone(), args);
    let command = with_text(command, &path, &text)?;
    if let Some((name, given)) = meant.as_ref().and_then(ArgMatches::subcommand)
        && is_default(given, "store")
        && takes_no_database(name, &text)
    {
        return Err(FileError::BadValue {
            path,
            key: "store".to_owned(),
            why: NO_STORE.to_owned(),
        });
    }
    Ok(command)
}

/// Whether a command has that flag and it was not given.
fn is_default(given: &ArgMatches, id: &str) -> bool {
    let is_there = given.try_contains_id(id).unwrap_or(false);
    is_there && given.value_source(id) == Some(ValueSource::DefaultValue)
}

/// Whether the store of a file of settings is a database, and this command needs a file.
fn takes_no_database(command: &str, text: &str) -> bool {
    let table: Table = text.parse().unwrap_or_default();
    let store = table.get("store").and_then(Value::as_str);
    command != "serve" && store.is_some_and(|store| is_address(Path::new(store)))
}

/// The file that the command line or the environment names.
fn named(command: Command, args: &[OsString]) -> Option<PathBuf> {
    matches(command, args)?.get_one::<PathBuf>("config").cloned()
}

/// What the command line says; what is wrong with it is told when it is read in earnest.
fn matches(command: Command, args: &[OsString]) -> Option<ArgMatches> {
    command.ignore_errors(true).try_get_matches_from(args).ok()
}

fn with_text(command: Command, path: &Path, text: &str) -> Result<Command, FileError> {
    let table: Table =
        text.parse().map_err(|source| FileError::Syntax { path: path.to_owned(), source })?;
    let keys = keys(&command);
    let mut settings = Vec::new();
    for (key, value) in table {
        if key != SOURCES && !keys.contains(&key) {
            let allowed = [&keys[..], &[SOURCES.to_owned()]].concat().join(", ");
            return Err(FileError::UnknownKey { path: path.to_owned(), key, allowed });
        }
        if is_switch(&command, &key) && !value.is_bool() {
            let why = "write true or false".to_owned();
            return Err(FileError::BadValue { path: path.to_owned(), key, why });
        }
        let Some(values) = texts(&key, &value) else {
            let why = if key == SOURCES { "write a list of texts" } else { "write one text" };
            return Err(FileError::BadValue { path: path.to_owned(), key, why: why.to_owned() });
        };
        settings.push((key, values));
    }
    check(&command, path, &settings)?;
    Ok(settings.iter().fold(command, |command, (key, values)| set(command, key, values)))
}

/// The keys that are allowed: flags with a value of the server and of all commands.
fn keys(command: &Command) -> Vec<String> {
    let serve = command.find_subcommand("serve");
    let of_serve = serve.into_iter().flat_map(Command::get_arguments);
    let flags = of_serve.chain(command.get_arguments()).filter_map(Arg::get_long);
    flags.filter(|flag| *flag != "config").map(str::to_owned).collect()
}

/// Whether the flag of that name is given or not, and has no value.
fn is_switch(command: &Command, key: &str) -> bool {
    let serve = command.find_subcommand("serve");
    let mut flags = serve.into_iter().flat_map(Command::get_arguments);
    flags.any(|arg| arg.get_long() == Some(key) && !arg.get_action().takes_values())
}

/// A value as it stands on a command line.
fn texts(key: &str, value: &Value) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            Some(value.to_string())
        }
        Value::Array(_) | Value::Table(_) => None,
    };
    match value {
        Value::Array(items) if key == SOURCES => items.iter().map(one).collect(),
        Value::Array(_) => None,
        value if key != SOURCES => Some(vec![one(value)?]),
        _ => None,
    }
}

/// Reads the values as if they stood on the command line, so that what is wrong is told alike.
fn check(
    command: &Command,
    path: &Path,
    settings: &[(String, Vec<String>)],
) -> Result<(), FileError> {
    let read = settings.iter().filter(|(key, _)| key != SOURCES && !is_switch(command, key));
    for (key, values) in read {
        let flag = format!("--{key}={}", values.concat());
        let Err(error) = command.clone().try_get_matches_from(["rasid", "serve", &flag]) else {
            continue;
        };
        let about = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(about)) => about.clone(),
            _ => continue,
        };
        if about.split(' ').next() != Some(&format!("--{key}")) {
            continue;
        }
        let told = error.to_string();
        let told = told.split("\n\nFor more").next().unwrap_or_default().trim();
        // What is no token, or no file, may hold somebody's password.
        let why = match key.as_str() {
            "token" => NoToken.to_string(),
            "store" => NO_STORE.to_owned(),
            _ => told.trim_start_matches("error: ").to_owned(),
        };
        return Err(FileError::BadValue { path: path.to_owned(), key: key.clone(), why });
    }
    Ok(())
}

/// Makes a value the default wherever there is a flag of that name.
fn set(command: Command, key: &str, values: &[String]) -> Command {
    let is_meant = |arg: &Arg| match arg.get_long() {
        Some(long) => long == key,
        None => key == SOURCES && arg.get_id() == SOURCES,
    };
    // Who reads in a file does not mean all feeds of the server.
    let is_database = key == "store" && values.iter().any(|value| is_address(Path::new(value)));
    // Nor can a command that needs a file have a database, which is told before.
    let is_for_all = ![SOURCES, "feeds"].contains(&key) && !is_database;
    let wanted = is_for_all || command.get_name() == "serve";
    let id =
        command.get_arguments().find(|arg| wanted && is_meant(arg)).map(|arg| arg.get_id().clone());
    let command = match id {
        Some(id) => command.mut_arg(id, |arg| arg.default_values(values.to_vec())),
        None => command,
    };
    let below: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    below.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |below| set(below, key, values))
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::config::{self, Config};

    fn serve(text: &str, args: &[&str]) -> config::Serve {
        let command = with_text(Config::command(), Path::new("rasid.toml"), text).unwrap();
        let args = [&["rasid", "serve"], args].concat();
        let config = Config::from_arg_matches(&command.get_matches_from(args)).unwrap();
        let config::Command::Serve(serve) = config.command else { panic!("it serves") };
        serve
    }

    fn refused(text: &str) -> String {
        with_text(Config::command(), Path::new("etc/rasid.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn the_file_goes_before_defaults_and_flags_before_the_file() {
        let text =
            "store = 'a.gpkg'\nlisten = '0.0.0.0:80'\nsources = ['x', 'y']\npublished = 2024-02-02";
        let told = serve(text, &[]);
        assert_eq!((told.store.to_string(), told.listen.port()), ("a.gpkg".to_owned(), 80));
        assert_eq!(told.sources, [PathBuf::from("x"), PathBuf::from("y")]);
        assert_eq!(told.published.unwrap().to_string(), "2024-02-02");
        let told = serve(text, &["z", "--store", "b.gpkg"]);
        assert_eq!((told.store.to_string(), told.listen.port()), ("b.gpkg".to_owned(), 80));
        assert_eq!(told.sources, [PathBuf::from("z")]);
    }

    #[test]
    fn what_holds_for_all_commands_is_said_once() {
        let text = "store = 'a.gpkg'\ngazetteer = 'g.geojson'";
        let command = with_text(Config::command(), Path::new("x"), text).unwrap();
        for (args, gazetteer) in [
            (&["rasid", "ingest", "f"][..], "g.geojson"),
            (&["rasid", "--gazetteer", "h", "ingest", "f"], "h"),
            (&["rasid", "ingest", "f", "--gazetteer", "h"], "h"),
        ] {
            let matches = command.clone().get_matches_from(args);
            let config = Config::from_arg_matches(&matches).unwrap();
            assert_eq!(config.knowledge.gazetteer, Some(gazetteer.into()), "{args:?}");
            let config::Command::Ingest(ingest) = config.command else { panic!("it ingests") };
            assert_eq!(ingest.store.to_string(), "a.gpkg");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key_with_what_is_allowed() {
        for (text, told) in [
            ("lisen = 'x'", "unknown key `lisen`: allowed are "),
            ("lisen = 'x'", " store, listen, base-url, "),
            (
                "listen = 'x'",
                "`listen` in the configuration `etc/rasid.toml` cannot be read: invalid value 'x'",
            ),
            ("listen = 'x'", "write an IP address and a port"),
            ("gazetteer-update = 'x'", "[possible values: auto, never]"),
            ("published = 'monday'", "`monday` is not a date"),
            ("sources = 'x'", "write a list of texts"),
            ("store = ['x']", "write one text"),
            ("config = 'x'", "unknown key `config`"),
            ("store", "is not TOML"),
        ] {
            let found = refused(text);
            assert!(found.contains(told), "{text}: {found}");
        }
    }

    #[test]
    fn a_file_is_named_by_flag_or_is_not_needed() {
        let args = |args: &[&str]| args.iter().map(OsString::from).collect::<Vec<_>>();
        let named_by = |given: &[&str]| named(Config::command(), &args(given));
        assert_eq!(
            named_by(&["rasid", "serve", "--config", "a.toml", "--no-such"]),
            Some("a.toml".into())
        );
        assert_eq!(named_by(&["rasid", "--config=b.toml", "ingest"]), Some("b.toml".into()));
        assert_eq!(named_by(&["rasid", "geocode", "--", "--config"]), None);
        let given = args(&["rasid", "--config", "none.toml", "serve"]);
        let told = with_file(Config::command(), &given).unwrap_err().to_string();
        assert!(told.contains("cannot read the configuration `none.toml`"), "{told}");
    }

    /// The text with the settings that are only shown.
    fn with_all(text: &str) -> String {
        let shown = |line: &str| {
            let setting = line
                .strip_prefix("# ")
                .filter(|rest| rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')));
            setting.unwrap_or(line).to_owned() + "\n"
        };
        text.lines().map(shown).collect::<Vec<_>>().concat()
    }

    #[test]
    fn the_files_that_come_with_it_can_be_used_and_the_example_shows_every_key() {
        let example = with_all(include_str!("../../rasid.example.toml"));
        let package = with_all(include_str!("../../packaging/rasid.toml"));
        for text in [&example, &package] {
            with_text(Config::command(), Path::new("x"), text).unwrap();
        }
        let shown: Table = example.parse().unwrap();
        let mut keys = keys(&Config::command());
        keys.push(SOURCES.to_owned());
        keys.sort();
        assert_eq!(shown.keys().cloned().collect::<Vec<_>>(), keys);
    }
}
