//! Events on their way from where they are kept into the index: all of them, or what is new.

use std::path::Path;
use std::sync::{LazyLock, mpsc};
use std::thread;

use super::error::Error;
use super::index::{Change, Index, Layout};
use super::postgis::{Ahead, Follower};
use super::{snapshot, sqlite};
use crate::model::event::PROPERTIES;

/// How events are laid out in memory.
pub(super) static LAYOUT: LazyLock<Layout> = LazyLock::new(|| Layout::new(PROPERTIES));

/// Changes that one thread hands to the other at once, more than a commit makes, and how often it does so
/// without waiting.
const HANDED: (usize, usize) = (1_024, 2);

/// All events, with the sequence number up to which they are kept in a file.
pub(super) fn load(database: &sqlite::Database) -> Result<(Index, u64), Error> {
    let kept = database.seal()?.and_then(|seal| snapshot::read(&database.path, seal));
    if let Some(kept) = kept {
        let last = kept.last();
        let (index, _) = take_in(kept, |last, give| database.after(&LAYOUT, last, give))?;
        // Who broke it meanwhile may have changed any of them.
        if database.seal()?.is_some() {
            return Ok((index, last));
        }
    }
    let empty = Index::new(Layout::new(PROPERTIES));
    Ok((take_in(empty, |last, give| database.after(&LAYOUT, last, give))?.0, 0))
}

/// All events of a database, with the sequence number up to which they are kept in a file.
pub(super) fn replicated(follower: &mut Follower, beside: &Path) -> Result<(Index, u64), Error> {
    let kept = follower.kept(|seal| snapshot::read(beside, seal))?;
    let last = kept.as_ref().map_or(0, Index::last);
    let begun = kept.unwrap_or_else(|| Index::new(Layout::new(PROPERTIES)));
    let index = followed(follower, &begun)?.map_or(begun, |(index, _)| index);
    Ok((index, last))
}

/// The events of a database as they are now, with the number of changes; nothing if none were made.
pub(super) fn followed(
    follower: &mut Follower,
    before: &Index,
) -> Result<Option<(Index, usize)>, Error> {
    let index = match follower.look(before.last())? {
        Ahead::Nothing => return Ok(None),
        Ahead::Changes => before.clone(),
        Ahead::All => {
            tracing::warn!(
                "the database holds another store, or has been set back: it is read anew"
            );
            Index::new(Layout::new(PROPERTIES))
        }
    };
    take_in(index, |last, give| Ok(follower.after(&LAYOUT, last, give)?)).map(Some)
}

/// Reads what comes after all that an index has, and takes it in; what is more than a commit makes, on
/// another thread meanwhile. Says how much it was.
pub(super) fn take_in(
    index: Index,
    read: impl FnOnce(u64, &mut dyn FnMut(Change)) -> Result<(), Error>,
) -> Result<(Index, usize), Error> {
    let (last, mut count, mut changes) = (index.last(), 0, Vec::new());
    let mut index = Some(index);
    thread::scope(|scope| {
        let mut other = None;
        let read = read(last, &mut |change| {
            count += 1;
            changes.push(change);
            if changes.len() < HANDED.0 {
                return;
            }
            let (sender, _) = other.get_or_insert_with(|| {
                let (sender, receiver) = mpsc::sync_channel::<Vec<Change>>(HANDED.1);
                let index = index.take();
                (
                    sender,
                    scope.spawn(move || {
                        index.map(|index| with(index, receiver.into_iter().flatten()))
                    }),
                )
            });
            // If nobody receives, the other thread has ended, and tells so below.
            sender.send(std::mem::take(&mut changes)).ok();
        });
        let index = match other {
            None => index.map(|index| with(index, changes)),
            Some((sender, taking_in)) => {
                sender.send(changes).ok();
                drop(sender);
                taking_in.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        };
        read.map(|()| (index.expect("one of the two had it"), count))
    })
}

fn with(mut index: Index, changes: impl IntoIterator<Item = Change>) -> Index {
    index.append(changes);
    index
}
