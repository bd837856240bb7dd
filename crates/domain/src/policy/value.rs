//! The types that a policy's value may have.

use crate::ids::RoleKey;
use crate::words::words;

words! {
    /// The words of a policy that is a plain switch.
    pub enum OnOff {
        /// Yes.
        On = "on",
        /// No.
        Off = "off",
    }
}

words! {
    /// What becomes of a user who has left the last mapped group.
    pub enum WhenUnmapped {
        /// The user has the default role.
        DefaultRole = "default_role",
        /// The user is deactivated (Label Studio).
        Deactivated = "deactivated",
    }
}

words! {
    /// What a role claim that names no role of the catalog meets.
    pub enum UnknownRole {
        /// Stored, gives nothing, flagged.
        Store = "store",
        /// The request is refused.
        Refuse = "refuse",
    }
}

words! {
    /// What happens to a user who would need a seat when all are taken.
    pub enum WhenFull {
        /// The user is admitted but stays not activated.
        AdmitNotActivated = "admit_not_activated",
        /// The request is refused.
        Refuse = "refuse",
    }
}

words! {
    /// Whether something may be granted by hand.
    pub enum Manual {
        /// New grants are taken.
        Allow = "allow",
        /// New grants are refused; old ones count until deleted.
        Deny = "deny",
    }
}

words! {
    /// Whether the last holder of a protected role keeps it.
    pub enum LastHolder {
        /// A hold is placed.
        Hold = "hold",
        /// The role goes.
        Off = "off",
    }
}

words! {
    /// What a mass loss of access raises.
    pub enum Brake {
        /// An event `alarm.mass_loss`.
        Alarm = "alarm",
        /// Nothing.
        Off = "off",
    }
}

/// A value that a policy may have, as a word.
pub(super) trait PolicyValue: Sized + Default {
    const WORDS: &'static [&'static str];
    fn write(&self) -> String;
    fn read(word: &str) -> Option<Self>;
}

impl PolicyValue for bool {
    const WORDS: &'static [&'static str] = OnOff::WORDS;

    fn write(&self) -> String {
        if *self { OnOff::On } else { OnOff::Off }.to_string()
    }

    fn read(word: &str) -> Option<Self> {
        word.parse::<OnOff>().ok().map(|word| word == OnOff::On)
    }
}

impl PolicyValue for Option<RoleKey> {
    const WORDS: &'static [&'static str] = &[];

    fn write(&self) -> String {
        self.as_ref().map_or("none", RoleKey::as_str).to_owned()
    }

    fn read(word: &str) -> Option<Self> {
        if word == "none" {
            Some(None)
        } else {
            RoleKey::new(word).ok().map(Some)
        }
    }
}

macro_rules! word_values {
    ($($name:ident starts $default:ident),+ $(,)?) => {$(
        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }

        impl PolicyValue for $name {
            const WORDS: &'static [&'static str] = Self::WORDS;

            fn write(&self) -> String {
                self.to_string()
            }

            fn read(word: &str) -> Option<Self> {
                word.parse().ok()
            }
        }
    )+};
}

word_values! {
    WhenUnmapped starts DefaultRole,
    UnknownRole starts Store,
    WhenFull starts AdmitNotActivated,
    Manual starts Allow,
    LastHolder starts Hold,
    Brake starts Alarm,
}
