//! Errors in one line.

/// An error with its causes, none told twice.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !told.contains(&words) {
            told = format!("{told}: {words}");
        }
        cause = inner.source();
    }
    told.trim_end().to_owned()
}
