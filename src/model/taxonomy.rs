//! ACLED's event types: 6 types, 25 sub-types, 3 disorder types and one pair.

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of the code book.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Every name, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name as it is written in data.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::taxonomy::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    $crate::model::taxonomy::UnknownName::new(text, Self::NAMES)
                })
            }
        }
    };
}
pub(crate) use named;

/// A name that is not in a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of: {allowed}")]
pub struct UnknownName {
    given: String,
    allowed: String,
}

impl UnknownName {
    /// What was given, and the whole list.
    pub fn new(given: &str, allowed: &[&str]) -> Self {
        Self { given: given.to_owned(), allowed: allowed.join(", ") }
    }
}

named! {
    /// ACLED's disorder types.
    DisorderType {
        /// Violence with a political aim.
        PoliticalViolence = "Political violence",
        /// Protests and riots.
        Demonstrations = "Demonstrations",
        /// Excessive force against protesters belongs to both.
        Both = "Political violence; Demonstrations",
        /// What is not violent and changes the field.
        StrategicDevelopments = "Strategic developments",
    }
}

named! {
    /// ACLED's event types.
    EventType {
        /// Two armed groups fight.
        Battles = "Battles",
        /// A public gathering.
        Protests = "Protests",
        /// A violent crowd.
        Riots = "Riots",
        /// One side uses a weapon that reaches or explodes.
        Explosions = "Explosions/Remote violence",
        /// An armed group harms people without arms.
        ViolenceAgainstCivilians = "Violence against civilians",
        /// What is not violent and changes the field.
        StrategicDevelopments = "Strategic developments",
    }
}

named! {
    /// ACLED's sub-event types, in the code book's order: an earlier one absorbs a later one.
    SubEventType {
        /// The state retakes a place by fighting.
        GovernmentRegainsTerritory = "Government regains territory",
        /// Another side takes a place by fighting.
        NonStateActorOvertakesTerritory = "Non-state actor overtakes territory",
        /// Two armed groups fight; control does not change.
        ArmedClash = "Armed clash",
        /// Protesters are killed or badly hurt.
        ExcessiveForce = "Excessive force against protesters",
        /// A protest is dispersed.
        ProtestWithIntervention = "Protest with intervention",
        /// A protest without violence.
        PeacefulProtest = "Peaceful protest",
        /// Demonstrators destroy, burn, block.
        ViolentDemonstration = "Violent demonstration",
        /// A violent crowd outside a demonstration.
        MobViolence = "Mob violence",
        /// Chemical agents; not tear gas.
        ChemicalWeapon = "Chemical weapon",
        /// Any attack from the air.
        AirDroneStrike = "Air/drone strike",
        /// The attacker dies by his own explosive.
        SuicideBomb = "Suicide bomb",
        /// One-sided long-range fire from the ground.
        Shelling = "Shelling/artillery/missile attack",
        /// Mines, planted explosives, unexploded remnants.
        RemoteExplosive = "Remote explosive/landmine/IED",
        /// A hand-thrown explosive.
        Grenade = "Grenade",
        /// Sexual violence.
        SexualViolence = "Sexual violence",
        /// An armed group harms people without arms.
        Attack = "Attack",
        /// People are taken.
        Abduction = "Abduction/forced disappearance",
        /// Talks, truces, swaps, releases.
        Agreement = "Agreement",
        /// The authority detains.
        Arrests = "Arrests",
        /// Forces move, merge, split, train.
        ChangeToGroup = "Change to group/activity",
        /// Weapons seized, defused, intercepted.
        DisruptedWeaponsUse = "Disrupted weapons use",
        /// A base is set up.
        HeadquartersEstablished = "Headquarters or base established",
        /// Property is taken or destroyed.
        Looting = "Looting/property destruction",
        /// Control changes without fighting.
        NonViolentTransfer = "Non-violent transfer of territory",
        /// Displacement, mass graves, coups.
        Other = "Other",
    }
}

impl SubEventType {
    /// The type it belongs to.
    pub const fn event_type(self) -> EventType {
        use SubEventType as S;
        match self {
            S::GovernmentRegainsTerritory | S::NonStateActorOvertakesTerritory | S::ArmedClash => {
                EventType::Battles
            }
            S::ExcessiveForce | S::ProtestWithIntervention | S::PeacefulProtest => {
                EventType::Protests
            }
            S::ViolentDemonstration | S::MobViolence => EventType::Riots,
            S::ChemicalWeapon
            | S::AirDroneStrike
            | S::SuicideBomb
            | S::Shelling
            | S::RemoteExplosive
            | S::Grenade => EventType::Explosions,
            S::SexualViolence | S::Attack | S::Abduction => EventType::ViolenceAgainstCivilians,
            S::Agreement
            | S::Arrests
            | S::ChangeToGroup
            | S::DisruptedWeaponsUse
            | S::HeadquartersEstablished
            | S::Looting
            | S::NonViolentTransfer
            | S::Other => EventType::StrategicDevelopments,
        }
    }

    /// Whether somebody attacks or fights.
    pub const fn is_violent(self) -> bool {
        matches!(
            self.event_type(),
            EventType::Battles | EventType::Explosions | EventType::ViolenceAgainstCivilians
        )
    }

    /// The disorder type it belongs to.
    pub const fn disorder_type(self) -> DisorderType {
        match self {
            Self::ExcessiveForce => DisorderType::Both,
            Self::MobViolence => DisorderType::PoliticalViolence,
            _ => match self.event_type() {
                EventType::Protests | EventType::Riots => DisorderType::Demonstrations,
                EventType::StrategicDevelopments => DisorderType::StrategicDevelopments,
                _ => DisorderType::PoliticalViolence,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for &sub in SubEventType::ALL {
            assert_eq!(sub.as_str().parse(), Ok(sub));
        }
        assert_eq!(SubEventType::ALL.len(), 25);
        assert_eq!(EventType::ALL.len(), 6);
    }

    #[test]
    fn an_unknown_name_is_told_what_is_allowed() {
        let told = "War".parse::<EventType>().unwrap_err().to_string();
        assert!(told.starts_with("`War` is not one of: Battles, "), "{told}");
    }
}
