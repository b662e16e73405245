//! How many long documents are held in memory at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// From so many bytes on a document is long. Feeds of news have a tenth of it.
pub(super) const LONG: usize = 1024 * 1024;

/// Long documents that are held at once: enough that one that comes slowly does not keep the others
/// waiting, few enough to hold while each is as large as may be.
pub(super) const MOST: usize = 4;

/// The slots for long documents.
#[derive(Debug, Clone)]
pub(super) struct Slots(Arc<Semaphore>);

/// A document may be held for as long as this is; a short one needs none.
#[derive(Debug, Default)]
pub struct Slot(
    #[expect(dead_code, reason = "it is given back when it is dropped")]
    Option<OwnedSemaphorePermit>,
);

impl Slots {
    /// A slot, if one is free and nobody waits for it.
    pub(super) fn try_take(&self) -> Option<Slot> {
        let free = Arc::clone(&self.0).try_acquire_owned().ok()?;
        Some(Slot(Some(free)))
    }

    /// Waits for a slot.
    pub(super) async fn take(&self) -> Slot {
        // Nobody closes it, so it is never refused.
        Slot(Arc::clone(&self.0).acquire_owned().await.ok())
    }
}

impl Default for Slots {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}
