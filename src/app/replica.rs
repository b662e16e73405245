//! A server of a database that only others write: answers from memory, and follows what they commit.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::renew::Renewal;
use super::serve::{basemap, listen, shutdown, site};
use super::{DATABASE, counted, keep_index, say, sources};
use crate::config;
use crate::model::cause::chain;
use crate::model::source::SourceName;
use crate::pipeline::Knowledge;
use crate::store::Store;
use crate::store::board::Board;
use crate::store::postgis::Address;
use crate::web;
use crate::web::articles::Intake;

/// Binds, loads, answers, and ends on a signal.
pub(super) fn run(
    knowledge: Knowledge,
    options: &config::Serve,
    renewal: Option<Renewal>,
    address: &Address,
) -> Result<()> {
    let listener = listen(options.listen)?;
    let at = listener.local_addr().context("cannot tell the address")?;
    let runtime = Runtime::new().context("cannot start the runtime")?;
    let basemap = basemap(options, &runtime)?;
    let store = Store::replica(address, Path::new(DATABASE))?;
    let board = Board::new(sources::states(&store)?);
    let kept = store.clone();
    let mut site = site(&Arc::new(knowledge), &store, &board, options, basemap)?;
    site.intake = Intake::read_only();
    let ended = runtime.block_on(async move {
        say(&format!("rasid listens on http://{at}/"));
        let listener = TcpListener::from_std(listener).context("cannot use the address")?;
        let searched = store.clone();
        spawn_blocking(move || {
            searched.read_texts();
            keep_index(&searched);
        });
        let events = counted(store.count(), "event");
        tracing::info!("ready with {events}, which `{address}` keeps");
        say(&format!("{events} on the map: http://{at}/"));
        if let Some(renewal) = renewal {
            renewal.begin();
        }
        let streams = site.streams.clone();
        let told = async move {
            shutdown().await;
            // They would never end by themselves.
            streams.close();
        };
        let patience = web::serve::Patience::default();
        tokio::select! {
            () = web::serve::serve(listener, web::router(site), patience, told) => {}
            () = follow(store, board, nothing) => {}
        }
        Ok(())
    });
    // A database that does not answer is not waited for.
    runtime.shutdown_background();
    keep_index(&kept);
    ended
}

/// Nothing is read here: others know best how every source does.
const fn nothing(_: &SourceName) -> bool {
    false
}

/// How often a database is asked that has not called.
const LOOK: Duration = Duration::from_secs(1);

/// The longest pause between two tries to reach one that is away.
const LONGEST: Duration = Duration::from_secs(8);

/// Takes in what others commit, as soon as the database calls, and how the sources do that are not read here.
/// Never ends.
pub(super) async fn follow(
    store: Store,
    board: Board,
    is_read_here: impl Fn(&SourceName) -> bool + Clone + Send + 'static,
) {
    let mut failures = 0;
    loop {
        tokio::select! {
            () = sleep(pause(failures)) => {}
            () = store.woken(), if failures == 0 => {}
        }
        let (followed, shown, is_read_here) = (store.clone(), board.clone(), is_read_here.clone());
        let looked = spawn_blocking(move || {
            followed.refresh()?;
            shown.replace(sources::states(&followed)?, is_read_here);
            anyhow::Ok(())
        });
        let told = match looked.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(chain(error.as_ref())),
            Err(error) => Some(error.to_string()),
        };
        // Told when it begins and ends, not with every try.
        match &told {
            Some(told) if failures == 0 => {
                tracing::warn!("the events are served as they were last seen: {told}");
            }
            None if failures > 0 => tracing::info!("the database is followed again"),
            _ => {}
        }
        failures = if told.is_some() { failures + 1 } else { 0 };
    }
}

/// How long to wait before the database is asked again, after so many failures in a row. Longer each time, and
/// not the same for all who lost it together.
fn pause(failures: u32) -> Duration {
    let pause = LOOK.saturating_mul(1 << failures.saturating_sub(1).min(3)).min(LONGEST);
    if failures == 0 { pause } else { pause.mul_f64(0.5 + fastrand::f64() / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_is_asked_less_and_less_but_never_given_up() {
        assert_eq!(pause(0), LOOK);
        for (failures, most) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (u32::MAX, 8)] {
            let most = Duration::from_secs(most);
            let pause = pause(failures);
            assert!(pause >= most / 2 && pause <= most, "{failures}: {pause:?}");
        }
    }
}
