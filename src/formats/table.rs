//! A few columns for the eye.

use std::io::{self, Write};

use crate::model::event::Event;

/// Writes three lines an event.
pub fn write(out: &mut impl Write, events: &[Event]) -> io::Result<()> {
    for event in events {
        let date = event.when.event_date.map_or_else(|| "no date   ".to_owned(), |d| d.to_string());
        let place = event.location.location.as_deref().unwrap_or("no place");
        let precision =
            event.location.geo_precision.map_or(String::new(), |p| format!(" ({})", u8::from(p)));
        let killed = event.toll.fatalities.map_or_else(|| "?".to_owned(), |n| n.to_string());
        writeln!(
            out,
            "{date}  {:<36} {place}{precision}  killed {killed}",
            event.what.sub_event_type.as_str()
        )?;
        let side = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
        let sides = match (&event.who.actor1, &event.who.actor2) {
            (None, None) => "?".to_owned(),
            (Some(one), None) => one.clone(),
            (one, two) => format!("{} / {}", side(one), side(two)),
        };
        writeln!(out, "    {sides}  [{}]", event.trust.certainty)?;
        writeln!(out, "    {}", event.evidence.evidence)?;
    }
    Ok(())
}
