//! Who takes part in events.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::taxonomy::named;

/// The stable id of an actor in the lexicon, as `SDF` or `TUR`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(pub String);

impl ActorId {
    /// The id of gunmen whom nobody knows.
    pub const UNIDENTIFIED: &str = "UNID";

    /// Whether nobody knows who it was.
    pub fn is_unidentified(&self) -> bool {
        self.0 == Self::UNIDENTIFIED
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// ACLED's actor types.
    Inter {
        /// An army or police of the state.
        StateForces = "State forces",
        /// An armed group that fights the state.
        RebelGroup = "Rebel group",
        /// A militia with a political aim; unknown gunmen too.
        PoliticalMilitia = "Political militia",
        /// A militia of a tribe, village or confession.
        IdentityMilitia = "Identity militia",
        /// A violent crowd.
        Rioters = "Rioters",
        /// A peaceful crowd.
        Protesters = "Protesters",
        /// People without arms.
        Civilians = "Civilians",
        /// Foreign armies and others.
        External = "External/Other forces",
    }
}

impl Inter {
    /// Whether the actor carries arms as an organised group.
    pub const fn is_armed(self) -> bool {
        !matches!(self, Self::Rioters | Self::Protesters | Self::Civilians)
    }
}

/// An actor as an event names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Its id in the lexicon.
    pub id: ActorId,
    /// Its name in ACLED's manner, as `Military Forces of Turkey (2016-)`.
    pub name: String,
    /// Its kind.
    pub inter: Inter,
}

/// Who took part: the two sides and those with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parties {
    /// The side that acts, where the text tells it.
    pub actor1: Option<Actor>,
    /// Those with it.
    pub assoc_actor_1: Vec<Actor>,
    /// The other side.
    pub actor2: Option<Actor>,
    /// Those with it.
    pub assoc_actor_2: Vec<Actor>,
}

impl Parties {
    /// All of them, each once, the two sides first.
    pub fn all(&self) -> impl Iterator<Item = &Actor> {
        let sides = self.actor1.iter().chain(&self.actor2);
        sides.chain(&self.assoc_actor_1).chain(&self.assoc_actor_2)
    }
}

/// [`Parties`] as flat properties of a feature.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Who {
    /// Display name of the first side.
    pub actor1: Option<String>,
    /// Display names of those with it, joined by `; ` as ACLED does.
    pub assoc_actor_1: Option<String>,
    /// Kind of the first side.
    pub inter1: Option<Inter>,
    /// Display name of the second side.
    pub actor2: Option<String>,
    /// Display names of those with it.
    pub assoc_actor_2: Option<String>,
    /// Kind of the second side.
    pub inter2: Option<Inter>,
    /// Lexicon ids of all of them, each once.
    #[serde(default)]
    pub actor_ids: Vec<ActorId>,
}

impl From<&Parties> for Who {
    fn from(parties: &Parties) -> Self {
        let join = |actors: &[Actor]| {
            let names: Vec<&str> = actors.iter().map(|a| a.name.as_str()).collect();
            (!names.is_empty()).then(|| names.join("; "))
        };
        let mut actor_ids: Vec<ActorId> = Vec::new();
        for actor in parties.all() {
            if !actor_ids.contains(&actor.id) {
                actor_ids.push(actor.id.clone());
            }
        }
        Self {
            actor1: parties.actor1.as_ref().map(|a| a.name.clone()),
            assoc_actor_1: join(&parties.assoc_actor_1),
            inter1: parties.actor1.as_ref().map(|a| a.inter),
            actor2: parties.actor2.as_ref().map(|a| a.name.clone()),
            assoc_actor_2: join(&parties.assoc_actor_2),
            inter2: parties.actor2.as_ref().map(|a| a.inter),
            actor_ids,
        }
    }
}
