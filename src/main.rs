//! The program: reads the command line, runs the command, says how it ended.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use rasid::app;
use rasid::config::{Config, LogFormat};
use rasid::model::cause::chain;
use tracing_subscriber::EnvFilter;

/// What is logged if nothing else is wanted. Who checks certificates says itself what the source's own line says.
const LOGGED: &str = "rasid=info,warn,rustls_platform_verifier=off";

/// The exit code of a program that was called wrongly.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let config = Config::read();
    let logged = env::var("RASID_LOG").unwrap_or_else(|_unset| LOGGED.to_owned());
    let filter = match EnvFilter::try_new(&logged) {
        Ok(filter) => filter,
        Err(error) => {
            writeln!(io::stderr(), "rasid: cannot use RASID_LOG `{logged}`: {error}").ok();
            return ExitCode::from(WRONG_USAGE);
        }
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match config.log_format {
        LogFormat::Human => log.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    match app::run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever started the program may have closed the terminal.
            writeln!(io::stderr(), "rasid: {}", chain(error.as_ref())).ok();
            ExitCode::FAILURE
        }
    }
}

/// A reader that has seen enough (`rasid extract … | head`) is no error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
