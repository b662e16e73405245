//! The one thread on which long documents are read, whoever wants them.
//!
//! To read one takes several times its length in memory for a moment, and an allocator keeps much of what
//! was freed for the thread that asked for it: with a thread for each of fifty feeds, fifty times.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{LazyLock, mpsc};
use std::thread;

/// From so many bytes on a document is read here.
const LONG: usize = 128 * 1024;

type Work = Box<dyn FnOnce() + Send>;

static DESK: LazyLock<mpsc::Sender<Work>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel::<Work>();
    thread::spawn(move || receiver.into_iter().for_each(|work| work()));
    sender
});

/// Does what a document of that many bytes needs, and waits for it: a long one behind those that came before.
pub(super) fn read<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if bytes < LONG {
        return work();
    }
    let (tell, told) = mpsc::sync_channel(1);
    let whole = move || {
        // What breaks off breaks off for whoever wanted it.
        tell.send(catch_unwind(AssertUnwindSafe(work))).ok();
    };
    DESK.send(Box::new(whole)).expect("it waits for work as long as the program runs");
    let done = told.recv().expect("all work is told of");
    done.unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_documents_are_read_on_one_thread_and_one_that_breaks_off_costs_no_other() {
        let here = || thread::current().id();
        assert_eq!(read(LONG - 1, here), here());
        let there = read(LONG, here);
        assert_ne!(there, here());
        let broken = catch_unwind(|| read(LONG, || std::panic::panic_any("broken")));
        assert_eq!(broken.unwrap_err().downcast_ref(), Some(&"broken"));
        assert_eq!(thread::spawn(move || read(LONG, here)).join().unwrap(), there);
    }
}
