//! The program: reads the command line, runs the command, says how it ended.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use rasid::app;
use rasid::config::{Config, LogFormat};
use rasid::model::cause::chain;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let config = Config::read();
    let filter =
        EnvFilter::try_from_env("RASID_LOG").unwrap_or_else(|_| EnvFilter::new("rasid=info,warn"));
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
