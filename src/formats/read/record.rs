//! What the records of ACLED and UCDP have in common.

use jiff::civil::Date;

use super::Names;
use super::table::Row;
use crate::model::actor::{ActorId, Inter, Who};
use crate::model::event::{Review, Trust};
use crate::model::place::Location;
use crate::model::report::Certainty;

/// People read and checked what such tables hold; they say what others reported.
pub(super) const TRUST: Trust =
    Trust { certainty: Certainty::Reported, confidence: 1.0, review: Review::Confirmed };

/// The ids of those that the lexicon knows, each once.
pub(super) fn actor_ids<'a>(
    sides: impl IntoIterator<Item = &'a str>,
    day: Date,
    names: &Names<'_>,
) -> Vec<ActorId> {
    let mut ids: Vec<ActorId> = Vec::new();
    for name in sides.into_iter().flat_map(|side| side.split(';')) {
        let known = (names.actor)(name.trim(), day);
        ids.extend(known.filter(|id| !ids.contains(id)));
    }
    ids
}

/// Two sides and those with them, by the names that the table has.
pub(super) fn who(
    row: &Row<'_>,
    [actor1, actor2]: [&str; 2],
    [inter1, inter2]: [Option<Inter>; 2],
    actor_ids: Vec<ActorId>,
) -> Who {
    Who {
        actor1: row.owned(actor1),
        assoc_actor_1: row.owned("assoc_actor_1"),
        inter1,
        actor2: row.owned(actor2),
        assoc_actor_2: row.owned("assoc_actor_2"),
        inter2,
        actor_ids,
    }
}

/// The governorate under our name and with its code; under the table's if we do not know it.
pub(super) fn governorate(location: &mut Location, name: Option<&str>, names: &Names<'_>) {
    let Some(name) = name else { return };
    let known = (names.governorate)(name);
    (location.admin1, location.admin1_pcode) = match known {
        Some((name, code)) => (Some(name), Some(code)),
        None => (Some(name.to_owned()), None),
    };
}
