//! A wait that ends early when the program does.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether to stop. Cheap to clone; all clones are told.
///
/// Waiting goes by a clock that only goes forward: the day's time may jump.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// Tells everybody.
    pub fn set(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Whether it was told.
    pub fn is_set(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until it is told; whether it was told.
    pub fn wait(&self, time: Duration) -> bool {
        let (told, changed) = &*self.0;
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(told, time, |told| !*told);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_wait_ends_when_it_is_told_and_after_its_time() {
        let stop = Stop::default();
        assert!(!stop.wait(Duration::from_millis(1)));
        let waiting = stop.clone();
        let waiting = thread::spawn(move || waiting.wait(Duration::from_secs(3600)));
        stop.set();
        assert!(waiting.join().unwrap());
        assert!(stop.is_set() && stop.wait(Duration::from_secs(3600)));
    }
}
