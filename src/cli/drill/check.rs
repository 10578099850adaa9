//! `yui drill check`: whether a drill or a scenario can be played, without playing it.
//!
//! What is wrong is told as for `yui drill run`: all of it at once, on stderr, by the exit code of a wrong call.

use super::{Format, Lang, Stop};
use crate::cli::sheet::Sheet;
use crate::decision::model::Name;
use crate::host;
use std::path::PathBuf;

/// Arguments of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The file of a drill, or the folder of a scenario
    #[arg(value_name = "DRILL|SCENARIO")]
    path: PathBuf,
}

/// What a drill holds.
struct Held {
    name: String,
    title: Name,
    scenario: String,
    injects: usize,
    seeds: usize,
}

/// Reads it; what is written of it.
pub(super) fn text(args: &Args, lang: Lang, format: Format) -> Result<String, Stop> {
    let held = held(args)?;
    Ok(match format {
        Format::Sheet => {
            let mut sheet = Sheet::new(lang);
            sheet.line(lang.pick("実行できます", "can be played"));
            sheet.gap();
            sheet.pairs([
                (
                    lang.pick("訓練", "drill"),
                    format!("{} ({})", lang.pick(&held.title.ja, &held.title.en), held.name),
                ),
                (lang.pick("シナリオ", "scenario"), held.scenario),
                (lang.pick("状況付与", "injects"), held.injects.to_string()),
                (lang.pick("乱数の種", "seeds"), held.seeds.to_string()),
            ]);
            sheet.into_text()
        }
        Format::Json => {
            let held = serde_json::json!({
                "name": held.name,
                "title": { "ja": held.title.ja, "en": held.title.en },
                "scenario": held.scenario,
                "injects": held.injects,
                "seeds": held.seeds,
            });
            format!("{held}\n")
        }
    })
}

fn held(args: &Args) -> Result<Held, Stop> {
    let of_scenario = |fault: crate::drill::ScenarioFault| Stop::Host(fault.into());
    let (scenario, held) = if args.path.is_dir() {
        let scenario = crate::drill::read(&args.path).map_err(of_scenario)?;
        let (name, title) = (scenario.name.to_string(), scenario.title.clone());
        let held = Held { scenario: name.clone(), name, title, injects: 0, seeds: 0 };
        (scenario, held)
    } else {
        let script = crate::drill::script::read(&args.path).map_err(of_scenario)?;
        let held = Held {
            name: script.name.to_string(),
            title: script.title,
            scenario: script.scenario.name.to_string(),
            injects: script.injects.len(),
            seeds: script.seeds.len(),
        };
        (script.scenario, held)
    };
    // A network that cannot be used would keep it from starting as well.
    host::planner(&scenario).map_err(|fault| Stop::Host(fault.into()))?;
    Ok(held)
}
