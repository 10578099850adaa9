//! Polygons out of a GeoJSON file: one for a search, or every one for reports. Source: RFC 7946.
//!
//! Absent on purpose: holes, which neither takes: a search refuses them, a report means what lies in them as well.

use super::args::ArgError;
use super::failure::Failure;
use super::json;
use crate::api::v1;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Deepest nesting of collections and features that is looked into: a feature in a collection.
const DEPTH_MAX: usize = 3;

/// Largest file of areas to report: some hundred thousand corners.
const REPORTS_BYTES_MAX: u64 = 16 << 20;

/// Reads the outer ring of the one polygon in a file.
///
/// # Errors
/// [`Failure::Argument`] when the file cannot be read, is too large, or holds no single polygon without holes.
pub(super) fn polygon(path: &Path) -> Result<Vec<v1::LatLng>, Failure> {
    Ok(read(path, json::FILE_BYTES_MAX, ring)?)
}

/// Reads the outer ring of every polygon in a file, each with the property `note` of its feature.
///
/// # Errors
/// [`ArgError`] when the file cannot be read, is too large, is no GeoJSON or holds no polygon.
pub(super) fn polygons(path: &Path) -> Result<Vec<(Vec<v1::LatLng>, String)>, ArgError> {
    read(path, REPORTS_BYTES_MAX, |text| {
        let mut found = Vec::new();
        gather(&parsed(text)?, "", &mut found)?;
        if found.is_empty() { said("Polygon がありません", "holds no Polygon") } else { Ok(found) }
    })
}

fn read<T>(
    path: &Path,
    bytes_max: u64,
    understand: impl FnOnce(&str) -> Result<T, Said>,
) -> Result<T, ArgError> {
    let shown = path.display();
    let refuse = |ja: String, en: String| ArgError::new(format!("{shown}: {ja}"), format!("{shown}: {en}"));
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(bytes_max + 1).read_to_string(&mut text));
    if let Err(error) = read {
        return Err(refuse(format!("読めません: {error}"), format!("cannot be read: {error}")));
    }
    if text.len() as u64 > bytes_max {
        let (ja, en) =
            (format!("{bytes_max} バイトを超えています"), format!("is larger than {bytes_max} bytes"));
        return Err(refuse(ja, en));
    }
    understand(&text).map_err(|(ja, en)| refuse(ja, en))
}

type Said = (String, String);

fn said<T>(ja: &str, en: &str) -> Result<T, Said> {
    Err((ja.to_owned(), en.to_owned()))
}

fn parsed(text: &str) -> Result<Value, Said> {
    serde_json::from_str(text)
        .map_err(|error| (format!("JSON として読めません: {error}"), format!("is not JSON: {error}")))
}

/// Adds every polygon in `json`; points and lines bound no area.
fn gather(json: &Value, note: &str, found: &mut Vec<(Vec<v1::LatLng>, String)>) -> Result<(), Said> {
    let parts = |key: &str| match json[key].as_array() {
        Some(parts) => Ok(parts),
        None => Err((format!("{key} が列ではありません"), format!("its {key} are no list"))),
    };
    match json["type"].as_str() {
        Some("FeatureCollection") => parts("features")?.iter().try_for_each(|part| gather(part, note, found)),
        Some("GeometryCollection") => {
            parts("geometries")?.iter().try_for_each(|part| gather(part, note, found))
        }
        Some("Feature") => {
            gather(&json["geometry"], json["properties"]["note"].as_str().unwrap_or(note), found)
        }
        Some("Polygon") => {
            found.push((corners(&json["coordinates"][0])?, note.to_owned()));
            Ok(())
        }
        Some("MultiPolygon") => {
            for polygon in parts("coordinates")? {
                found.push((corners(&polygon[0])?, note.to_owned()));
            }
            Ok(())
        }
        Some("Point" | "MultiPoint" | "LineString" | "MultiLineString") => Ok(()),
        _ => said("GeoJSON ではありません", "is no GeoJSON"),
    }
}

fn ring(text: &str) -> Result<Vec<v1::LatLng>, Said> {
    let value = parsed(text)?;
    let mut value = &value;
    for _ in 0..DEPTH_MAX {
        match value["type"].as_str() {
            Some("FeatureCollection") => match value["features"].as_array().map(Vec::as_slice) {
                Some([feature]) => value = feature,
                _ => return said("地物は一つだけにしてください", "holds not one feature, leave one"),
            },
            Some("Feature") => value = &value["geometry"],
            Some("Polygon") => break,
            _ => break,
        }
    }
    if value["type"].as_str() != Some("Polygon") {
        return said("Polygon がありません", "holds no Polygon");
    }
    match value["coordinates"].as_array().map(Vec::as_slice) {
        Some([outer]) => corners(outer),
        Some([_, ..]) => said("穴のある面では検索できません", "a polygon with holes cannot be searched in"),
        _ => said("coordinates がありません", "has no coordinates"),
    }
}

/// Longitude comes first in GeoJSON.
fn corners(ring: &Value) -> Result<Vec<v1::LatLng>, Said> {
    let Some(ring) = ring.as_array() else {
        return said("coordinates は点の列ではありません", "its coordinates are no list of points");
    };
    let corner = |(i, at): (usize, &Value)| {
        let number = |axis: usize| at.get(axis).and_then(Value::as_f64);
        match (number(0), number(1)) {
            (Some(longitude), Some(latitude)) => Ok(v1::LatLng { latitude, longitude }),
            _ => Err((
                format!("{i} 番の点は [経度, 緯度] ではありません"),
                format!("point {i} is not [longitude, latitude]"),
            )),
        }
    };
    ring.iter().enumerate().map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING: &str = "[[135.0, 35.0], [135.5, 35.0], [135.0, 35.5], [135.0, 35.0]]";

    #[test]
    fn a_polygon_is_found_bare_in_a_feature_or_in_a_collection_of_one() {
        let bare = format!(r#"{{"type": "Polygon", "coordinates": [{RING}]}}"#);
        let feature = format!(r#"{{"type": "Feature", "properties": {{}}, "geometry": {bare}}}"#);
        let all = format!(r#"{{"type": "FeatureCollection", "features": [{feature}]}}"#);
        for text in [bare, feature, all] {
            let corners = ring(&text).unwrap();
            assert_eq!(corners.len(), 4);
            assert_eq!(corners[1], v1::LatLng { latitude: 35.0, longitude: 135.5 });
        }
    }

    #[test]
    fn anything_else_is_refused_and_says_what_is_wrong() {
        let holed = format!(r#"{{"type": "Polygon", "coordinates": [{RING}, {RING}]}}"#);
        let deep = "[".repeat(100_000);
        for (text, said) in [
            ("", "not JSON"),
            ("{}", "no Polygon"),
            (r#"{"type": "Point", "coordinates": [1, 2]}"#, "no Polygon"),
            (r#"{"type": "FeatureCollection", "features": []}"#, "not one feature"),
            (r#"{"type": "Polygon"}"#, "no coordinates"),
            (r#"{"type": "Polygon", "coordinates": [[[1, 2], ["x", 3]]]}"#, "point 1"),
            (holed.as_str(), "holes"),
            (deep.as_str(), "not JSON"),
        ] {
            let (ja, en) = ring(text).unwrap_err();
            assert!(en.contains(said) && !ja.is_ascii(), "{en}");
        }
    }

    fn all(text: &str) -> Result<Vec<(Vec<v1::LatLng>, String)>, ArgError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        polygons(file.path())
    }

    #[test]
    fn every_polygon_of_a_collection_is_found_with_its_note() {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[
                {{"type":"Feature","properties":{{"note":"浸水"}},"geometry":{{"type":"Polygon","coordinates":[{RING}]}}}},
                {{"type":"Feature","properties":null,"geometry":{{"type":"MultiPolygon","coordinates":[[{RING}],[{RING}]]}}}},
                {{"type":"Feature","properties":null,"geometry":{{"type":"Point","coordinates":[1,2]}}}}]}}"#
        );
        let found = all(&text).unwrap();
        let notes: Vec<&str> = found.iter().map(|(_, note)| note.as_str()).collect();
        assert_eq!(notes, ["浸水", "", ""]);
        assert_eq!(found[0].0[1], v1::LatLng { latitude: 35.0, longitude: 135.5 });
    }

    #[test]
    fn what_holds_no_polygon_at_all_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"Polygon"}"#,
            r#"{"type":"Polygon","coordinates":[[[1]]]}"#,
            r#"{"type":"FeatureCollection","features":7}"#,
            r#"{"type":"Point","coordinates":[1,2]}"#,
        ] {
            assert!(all(text).is_err(), "{text}");
        }
    }
}
