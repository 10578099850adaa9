//! `yui check`: verifies the ledgers of a data folder without starting a server, and folds them as a server would.
//!
//! Absent on purpose: repairing. A damaged ledger is replaced from a copy by a person.

use super::args::ArgError;
use super::failure::Failure;
use super::session::{Format, note_on_stderr, write_out};
use super::sheet::{Sheet, left, right};
use super::{EXIT_DAMAGED, EXIT_USAGE, fault, time};
use crate::authority::writer::Folding;
use crate::lang::Lang;
use crate::ledger::verify::{Finding, LedgerReport, Report, Severity, verify};
use crate::units::Timestamp;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `yui check`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 every ledger is whole, 2 there is no ledger, 4 a ledger is damaged.\n\n\
                        Example:\n  yui check data"
)]
pub struct Args {
    /// Folder of the ledgers, or one ledger file
    #[arg(value_name = "DIR", default_value = super::serve::DEFAULT_DATA)]
    dir: PathBuf,
}

/// Runs it.
#[must_use]
pub fn run(args: &Args, lang: Lang, format: Format) -> ExitCode {
    match check(args, lang, format) {
        Ok(Verdict::Whole) => ExitCode::SUCCESS,
        Ok(Verdict::Damaged) => ExitCode::from(EXIT_DAMAGED),
        Err(failure) => {
            note_on_stderr(&failure.text(lang));
            match failure {
                Failure::Argument(_) => ExitCode::from(EXIT_USAGE),
                other => other.exit_code(),
            }
        }
    }
}

/// What a check comes to.
enum Verdict {
    Whole,
    Damaged,
}

fn check(args: &Args, lang: Lang, format: Format) -> Result<Verdict, Failure> {
    let dir = args.dir.display();
    let report = verify(&args.dir, Some(&Folding::begin)).map_err(|fault| {
        ArgError::new(
            format!("{dir} を調べられません。yui serve の --data と同じものを指定してください({fault})"),
            format!("{dir} cannot be looked into; name what yui serve has as --data ({fault})"),
        )
    })?;
    if report.ledgers.is_empty() {
        // Not success: whoever mistypes the folder must not read that all is well.
        let error = ArgError::new(
            format!("{dir} に台帳はありません。yui serve の --data と同じものを指定してください"),
            format!("there is no ledger in {dir}; name what yui serve has as --data"),
        );
        return Err(error.into());
    }
    match format {
        Format::Sheet => write_out(&sheet(&report, lang))?,
        Format::Json => write_out(&json(&report))?,
    }
    Ok(if report.is_sound() { Verdict::Whole } else { Verdict::Damaged })
}

/// The report for people.
fn sheet(report: &Report, lang: Lang) -> String {
    let mut sheet = Sheet::new(lang);
    let columns = [
        left(lang.pick("台帳", "ledger")),
        left(lang.pick("空間", "space")),
        left(lang.pick("結果", "result")),
        right(lang.pick("記録", "records")),
        right(lang.pick("問題", "problems")),
        right(lang.pick("検査点", "checkpoints")),
        right(lang.pick("封の鍵", "keys")),
        left(lang.pick("最後の記録", "last record")),
    ];
    let rows: Vec<[String; 8]> = report.ledgers.iter().map(|ledger| row(ledger, lang)).collect();
    sheet.grid(columns, &rows);
    for ledger in report.ledgers.iter().filter(|ledger| !ledger.findings.is_empty()) {
        sheet.heading(ledger.path.display().to_string());
        for finding in &ledger.findings {
            let mark = match finding.severity() {
                Severity::Damage => lang.pick("損傷", "damage"),
                Severity::Notice => lang.pick("参考", "notice"),
            };
            sheet.line(format!("  {mark}: {}", text(finding, lang)));
        }
        if ledger.more_count > 0 {
            let more = ledger.more_count;
            sheet.line(lang.pick(format!("  ほかに {more} 件"), format!("  and {more} more")));
        }
    }
    let damaged = report.ledgers.iter().filter(|ledger| !ledger.is_sound()).count();
    let all = report.ledgers.len();
    sheet.heading(match damaged {
        0 => lang.pick(format!("{all} 件の台帳はすべて正常です"), format!("all {all} ledgers are whole")),
        _ => lang.pick(
            format!("{all} 件中 {damaged} 件の台帳が損傷しています。控えから戻してください"),
            format!("{damaged} of {all} ledgers are damaged: restore them from a backup"),
        ),
    });
    sheet.into_text()
}

fn row(ledger: &LedgerReport, lang: Lang) -> [String; 8] {
    let name = ledger.ledger.as_ref().map_or_else(|| file_name(ledger), ToString::to_string);
    let result =
        if ledger.is_sound() { lang.pick("正常", "whole") } else { lang.pick("損傷", "damaged") };
    let last = match ledger.head.at {
        Timestamp::MIN => String::new(),
        at => format!("{}  {}", ledger.head.sequence, time::full(&time::wire(at))),
    };
    [
        name,
        ledger.space.as_ref().map(ToString::to_string).unwrap_or_default(),
        result.to_owned(),
        ledger.record_count.to_string(),
        ledger.problem_count.to_string(),
        ledger.checkpoint_count.to_string(),
        ledger.keys.held.to_string(),
        last,
    ]
}

fn file_name(ledger: &LedgerReport) -> String {
    ledger.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The report for programs: one line for each ledger.
fn json(report: &Report) -> String {
    let lines = report.ledgers.iter().map(|ledger| {
        let findings: Vec<_> = ledger
            .findings
            .iter()
            .map(|finding| {
                let is_damage = finding.severity() == Severity::Damage;
                serde_json::json!({ "damage": is_damage, "text": text(finding, Lang::En) })
            })
            .collect();
        let line = serde_json::json!({
            "path": ledger.path.display().to_string(),
            "ledger": ledger.ledger.as_ref().map(ToString::to_string),
            "space": ledger.space.as_ref().map(ToString::to_string),
            "sound": ledger.is_sound(),
            "headSequence": ledger.head.sequence.to_string(),
            "headHash": ledger.head.hash.to_string(),
            "recordCount": ledger.record_count.to_string(),
            "newerCount": ledger.newer_count.to_string(),
            "problemCount": ledger.problem_count.to_string(),
            "checkpointCount": ledger.checkpoint_count.to_string(),
            "findings": findings,
            "moreCount": ledger.more_count.to_string(),
        });
        format!("{line}\n")
    });
    lines.collect()
}

/// One finding in words.
fn text(finding: &Finding, lang: Lang) -> String {
    match finding {
        Finding::Unreadable(unreadable) => lang.pick(
            format!("これ以上調べられません: {}", fault::ledger(unreadable)),
            format!("cannot be checked further: {unreadable}"),
        ),
        Finding::Page { message } => {
            lang.pick(format!("ページの破損: {message}"), format!("a page is broken: {message}"))
        }
        Finding::Setting { setting, required, found } => lang.pick(
            format!("設定 {setting} は {found}、正しくは {required}"),
            format!("{setting} is {found}, must be {required}"),
        ),
        Finding::Record { sequence, part } => lang.pick(
            format!("記録 {sequence}: {}", fault::part(*part)),
            format!("record {sequence}: {}", part.describe()),
        ),
        Finding::Contradiction { sequence, what } => lang.pick(
            format!("記録 {sequence} はそれまでの記録と矛盾しています: {what}"),
            format!("record {sequence} contradicts the records before it: {what}"),
        ),
        Finding::StateDiffers { sequence } => lang.pick(
            format!("記録 {sequence} までの内容が、検査点を書いた時と違います"),
            format!(
                "the records up to {sequence} come to something else than when the checkpoint was written"
            ),
        ),
        Finding::RequestIndex => lang
            .pick("要求IDの索引が記録と合いません", "the index of request ids does not match the records")
            .to_owned(),
        Finding::TailLost { acknowledged } => lang.pick(
            format!("確認済みの記録 {acknowledged} までの末尾が失われています"),
            format!("the end is lost: record {acknowledged} was acknowledged"),
        ),
        Finding::ProblemMissing { sequence, hash } => lang.pick(
            format!("記録 {sequence} が引く問題 {hash} がありません"),
            format!("record {sequence} cites problem {hash}, which is not stored"),
        ),
        Finding::ProblemDamaged { hash } => {
            let hash = hash.map(|hash| hash.to_string()).unwrap_or_default();
            lang.pick(
                format!("問題 {hash} が書かれた時と違います"),
                format!("problem {hash} is not as it was written"),
            )
        }
        Finding::CheckpointDamaged { sequence } => {
            let at = sequence.map(|sequence| sequence.to_string()).unwrap_or_default();
            lang.pick(
                format!("検査点 {at} が書かれた時と違います"),
                format!("checkpoint {at} is not as it was written"),
            )
        }
        Finding::KeyLost(seal) => lang.pick(
            format!("記録 {} の封 {} の鍵が失われています", seal.sequence, seal.index),
            format!("the key of sealed part {} of record {} is lost", seal.index, seal.sequence),
        ),
        Finding::SealDamaged(seal) => lang.pick(
            format!("記録 {} の封 {} が鍵で開きません", seal.sequence, seal.index),
            format!("sealed part {} of record {} does not open with its key", seal.index, seal.sequence),
        ),
        Finding::Keys(keys) => lang.pick(
            format!("鍵ファイルを使えません: {}", fault::ledger(keys)),
            format!("the key file cannot be used: {keys}"),
        ),
        Finding::KeysNotHere => lang
            .pick("鍵ファイルがないため封は調べていません", "no key file: what is sealed was not opened")
            .to_owned(),
        Finding::UnfinishedKeys { count } => lang.pick(
            format!("書きかけの鍵が {count} 件あります(停止の跡で、害はありません)"),
            format!("{count} keys were not finished, as a crash leaves them; harmless"),
        ),
        Finding::NewerSchema { first } => lang.pick(
            format!("記録 {first} から新しい形式です。検証はしましたが内容は読めません"),
            format!("from record {first} on of a newer schema: verified, not understood"),
        ),
        Finding::OtherName => {
            lang.pick("ファイル名が台帳の名前と違います", "the file is not named for its ledger").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::fault::DamagedPart;
    use crate::ledger::{Head, chain::Digest, verify::KeyCounts};

    fn ledger(findings: Vec<Finding>) -> LedgerReport {
        LedgerReport {
            path: PathBuf::from("data/live/members.hyogo.ledger"),
            space: Some("live".parse().unwrap()),
            ledger: Some("members/hyogo".parse().unwrap()),
            head: Head { sequence: 7, hash: Digest::ZERO, at: Timestamp(1_796_432_400_000) },
            record_count: 7,
            newer_count: 0,
            problem_count: 1,
            checkpoint_count: 0,
            keys: KeyCounts::default(),
            findings,
            more_count: 0,
        }
    }

    #[test]
    fn a_damaged_record_is_named_with_its_file_ledger_and_sequence() {
        let finding = Finding::Record { sequence: 5, part: DamagedPart::Body };
        let report = Report { ledgers: vec![ledger(vec![finding])] };
        let english = sheet(&report, Lang::En);
        for said in
            ["members/hyogo", "data/live/members.hyogo.ledger", "record 5: the body", "1 of 1 ledgers"]
        {
            assert!(english.contains(said), "{said}: {english}");
        }
        let japanese = sheet(&report, Lang::Ja);
        assert!(japanese.contains("損傷: 記録 5: 本体が"), "{japanese}");
        assert!(json(&report).contains("\"sound\":false"));
    }

    #[test]
    fn a_notice_is_shown_and_is_no_damage() {
        let report = Report { ledgers: vec![ledger(vec![Finding::KeysNotHere])] };
        let english = sheet(&report, Lang::En);
        assert!(
            english.contains("notice: no key file") && english.contains("all 1 ledgers are whole"),
            "{english}"
        );
    }
}
