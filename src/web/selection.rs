//! What of each feature is given, and how: `properties`, `skipGeometry` and `crs`.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::collection::Collection;
use super::crs::Crs;
use super::error::quoted;
use crate::formats::Layer;

/// The parts of a feature that are asked for.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// In the order of features; `None` for all.
    properties: Option<Vec<&'static str>>,
    without_geometry: bool,
    pub(super) crs: Crs,
}

/// A stored feature, its parts unread.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    geometry: &'a RawValue,
    #[serde(borrow)]
    properties: &'a RawValue,
}

impl Selection {
    /// Reads `properties`: names with commas between.
    pub(super) fn select(&mut self, collection: Collection, text: &str) -> Result<(), String> {
        let wanted: Vec<&str> = text.split(',').map(str::trim).collect();
        let names = || collection.properties().iter().map(|&(name, ..)| name);
        if let Some(strange) = wanted.iter().find(|name| !names().any(|known| known == **name)) {
            let known = names().collect::<Vec<_>>().join(", ");
            return Err(format!("`{}` is not a property: there are {known}", quoted(strange)));
        }
        self.properties = Some(names().filter(|name| wanted.contains(name)).collect());
        Ok(())
    }

    /// Reads `skipGeometry`.
    pub(super) fn skip_geometry(&mut self, text: &str) -> Result<(), String> {
        self.without_geometry = text
            .parse()
            .map_err(|_not_a_flag| format!("`{}` is neither: write true or false", quoted(text)))?;
        Ok(())
    }

    /// The columns of a table.
    pub(super) fn columns(&self, collection: Collection) -> &[&'static str] {
        self.properties.as_deref().unwrap_or(collection.summary())
    }

    /// What a table of the features holds.
    pub(super) fn layer(&self, collection: Collection) -> Layer {
        let wanted = |name: &&str| self.properties.as_ref().is_none_or(|all| all.contains(name));
        let columns = collection.properties().iter().filter(|(name, ..)| wanted(name));
        Layer {
            name: collection.id(),
            title: collection.title(),
            columns: columns.copied().collect(),
            geometry: !self.without_geometry,
        }
    }

    pub(super) const fn chooses_properties(&self) -> bool {
        self.properties.is_some()
    }

    pub(super) const fn without_geometry(&self) -> bool {
        self.without_geometry
    }

    /// A feature, whole, in this reference system.
    pub(super) fn whole_in(crs: Crs) -> Self {
        Self { crs, ..Self::default() }
    }

    /// Whether features are given as they are stored.
    pub(super) fn is_whole(&self) -> bool {
        self.properties.is_none() && !self.without_geometry && self.crs == Crs::Crs84
    }

    /// The feature with nothing but these parts; as it is stored if it is wanted so.
    pub(super) fn of<'a>(&self, feature: &'a str) -> Cow<'a, str> {
        if self.is_whole() {
            return Cow::Borrowed(feature);
        }
        self.cut(feature).map_or(Cow::Borrowed(feature), Cow::Owned)
    }

    fn cut(&self, feature: &str) -> Option<String> {
        let Stored { id, geometry, properties } = serde_json::from_str(feature).ok()?;
        let geometry = match self.crs {
            _ if self.without_geometry => Cow::Borrowed("null"),
            Crs::Crs84 => Cow::Borrowed(geometry.get()),
            crs => Cow::Owned(crs.geometry(geometry.get())?),
        };
        let properties = match &self.properties {
            None => Cow::Borrowed(properties.get()),
            Some(names) => Cow::Owned(chosen(properties.get(), names)?),
        };
        Some(format!(
            r#"{{"type":"Feature","id":{id},"geometry":{geometry},"properties":{properties}}}"#
        ))
    }
}

fn chosen(properties: &str, names: &[&str]) -> Option<String> {
    let all: HashMap<&str, &RawValue> = serde_json::from_str(properties).ok()?;
    let kept = names.iter().filter_map(|name| Some(format!("\"{name}\":{}", all.get(name)?)));
    Some(format!("{{{}}}", kept.collect::<Vec<_>>().join(",")))
}
