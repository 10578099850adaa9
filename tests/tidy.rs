//! What the compiler does not say: pure modules name no clock, file, socket, runtime or log; the wire stays at the edge.
#![allow(clippy::unwrap_used, reason = "a test binary")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every Rust file below `folder`, and the module file beside it.
fn sources(module: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found: Vec<PathBuf> =
        Some(src.join(format!("{module}.rs"))).filter(|file| file.is_file()).into_iter().collect();
    let mut folders = vec![src.join(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{module} has moved: tell this test where");
    found
}

/// Lines of code of `module` that hold one of `words`; comments may speak of anything, tests may read files.
fn offences(module: &str, words: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for path in sources(module) {
        let is_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
        if is_test {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word)) {
                offences.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    offences
}

#[test]
fn the_pure_core_asks_for_nothing() {
    let outside = [
        "tokio::",
        "tonic::",
        "tracing::",
        "std::fs",
        "std::net",
        "std::time",
        "std::env",
        "SystemTime",
        "Instant::",
    ];
    for module in [
        "decision",
        "allocator",
        "network",
        "hazard",
        "spatial",
        "record",
        "daylight",
        "spelling",
        "units",
        "id",
    ] {
        assert_eq!(offences(module, &outside), Vec::<String>::new(), "{module} is pure");
    }
}

#[test]
fn only_the_edge_knows_the_wire() {
    for module in
        ["decision", "allocator", "network", "hazard", "spatial", "record", "ledger", "authority", "drill"]
    {
        assert_eq!(
            offences(module, &["crate::api"]),
            Vec::<String>::new(),
            "{module} does not know the wire"
        );
    }
}

/// Modules from the top down, as `src/lib.rs` lists them: each may use what stands below it, never what stands above.
const ORDER: [&str; 20] = [
    "cli",
    "host",
    "service",
    "lang",
    "api",
    "telemetry",
    "drill",
    "authority",
    "ledger",
    "record",
    "decision",
    "allocator",
    "network",
    "hazard",
    "spatial",
    "daylight",
    "clock",
    "spelling",
    "units",
    "id",
];

#[test]
fn arrows_of_dependency_point_down() {
    let mut found = Vec::new();
    for (index, module) in ORDER.iter().enumerate() {
        let above: Vec<String> = ORDER[..index].iter().map(|upper| format!("crate::{upper}::")).collect();
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        found.extend(offences(module, &above));
    }
    assert_eq!(found, Vec::<String>::new());
    let listed = std::fs::read_to_string(root("src/lib.rs")).unwrap();
    for module in listed.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(ORDER.contains(&module), "{module}: say where it stands in the order");
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn each_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(root("Cargo.toml")).unwrap();
    let contributing = std::fs::read_to_string(root("CONTRIBUTING.md")).unwrap();
    let rows = contributing.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let explained: Vec<&str> = rows
        .flat_map(|names| names.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')))
        .collect();
    let mut section = "";
    let mut counted = 0;
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies]")
            && let Some((name, _)) = line.split_once(" =")
        {
            assert!(explained.contains(&name), "{name}: add one line of reason to CONTRIBUTING.md");
            counted += 1;
        }
    }
    assert!(counted > 40, "{counted}: the manifest is read");
}

/// Every first cell of a table of the drill, `member/id` or `id` alone.
fn named(table: &str, has_member: bool) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root("scenarios/kansai").join(table)).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        let (id, member) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if has_member { format!("{member}/{id}") } else { id.to_owned() }
    });
    rows.collect()
}

/// Names that stand in `text` as people type them: `hyogo/heli-toyooka`.
fn typed_names(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '/' | '-');
    text.split(|c| !is_name(c))
        .filter(|word| word.matches('/').count() == 1 && !word.starts_with('/'))
        .collect()
}

#[test]
fn the_examples_of_the_command_line_name_what_the_drill_has() {
    let members = named("members.csv", false);
    let mut known = BTreeSet::new();
    for table in
        ["helicopters.csv", "doctor_cars.csv", "fire_departments.csv", "organisations.csv", "sites.csv"]
    {
        known.extend(named(table, true));
    }
    known.extend(named("hospitals.csv", true));
    // What people make up themselves: requests, missions, offers, standing orders, a new aircraft, no-fly areas.
    let made_up = |id: &str| {
        let made = ["r-", "m-", "o-"].iter().any(|prefix| id.starts_with(prefix));
        made || ["night-watch", "heli-spare", "forest-fire", "film-crew"].contains(&id)
    };
    let mut examples = vec![root("docs/cli.md")];
    examples.extend(sources("cli").into_iter().filter(|path| path.is_file()));
    let mut looked_at = 0;
    for path in examples {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for name in typed_names(code) {
            let (member, id) = name.split_once('/').unwrap();
            if !members.contains(member) || made_up(id) {
                continue;
            }
            looked_at += 1;
            assert!(known.contains(name), "{}: the drill has no {name}", path.display());
        }
    }
    assert!(looked_at > 30, "{looked_at}: the examples are read");
    let regions = named("weather_regions.csv", false);
    let structures = {
        let text = std::fs::read_to_string(root("scenarios/kansai/roads/structures.csv")).unwrap();
        text.lines()
            .skip(1)
            .filter_map(|line| Some(line.split(',').next()?.to_owned()))
            .collect::<BTreeSet<_>>()
    };
    let guide = std::fs::read_to_string(root("docs/cli.md")).unwrap()
        + &std::fs::read_to_string(root("src/cli/weather.rs")).unwrap()
        + &std::fs::read_to_string(root("src/cli/road.rs")).unwrap();
    for (verb, names) in [("weather report ", &regions), ("road close ", &structures)] {
        let mut after = guide.split(verb).skip(1).filter_map(|rest| rest.split([' ', '`']).next()).peekable();
        assert!(after.peek().is_some(), "{verb}");
        for name in after {
            assert!(names.contains(name), "{verb}{name}");
        }
    }
}

#[test]
fn one_concept_has_one_word_in_japanese() {
    // The word to use stands in docs/glossary.md.
    let retired = ["着陸地", "離着陸場所", "申し出", "常時命令", "加盟団体", "検討中"];
    for module in ["cli", "service", "lang", "host", "drill", "ledger", "network", "telemetry"] {
        assert_eq!(offences(module, &retired), Vec::<String>::new(), "{module}");
    }
    let glossary = std::fs::read_to_string(root("docs/glossary.md")).unwrap();
    for word in ["離着陸場", "申出", "事前指示", "構成団体", "受信確認", "出動準備完了"]
    {
        assert!(glossary.contains(word), "{word}");
    }
}

#[test]
fn this_test_finds_what_it_looks_for() {
    assert!(!offences("clock", &["SystemTime"]).is_empty());
    assert!(!offences("service", &["crate::api"]).is_empty());
    assert!(!offences("host", &["crate::service::"]).is_empty());
    assert_eq!(typed_names("yui asset get hyogo/heli-toyooka, a/b/c"), ["hyogo/heli-toyooka"]);
}
