//! What keeps a server from starting, in Japanese. The English stands with the faults themselves.

use crate::authority::writer::OpenFault;
use crate::authority::{HubFault, SubmitError};
use crate::decision::Rejection;
use crate::decision::model::Name;
use crate::drill::SeedFault;
use crate::drill::runner::RunFault;
use crate::host::HostFault;
use crate::lang::Lang;
use crate::ledger::LedgerFault;
use crate::ledger::fault::{DamagedPart, Extent};
use crate::network::{Flaw, NetworkFault, Table};
use crate::service::ServiceError;
use crate::service::server::ServerFault;
use crate::service::text::{english, japanese, of_submit};
use crate::telemetry::TelemetryFault;

/// Why a space cannot be served, for whoever starts it.
#[must_use]
pub fn host(fault: &HostFault, lang: Lang) -> String {
    match (fault, lang) {
        (HostFault::Scenario(fault), Lang::En) => fault.report(&refusal).en,
        (_, Lang::En) => fault.to_string(),
        (_, Lang::Ja) => of_host(fault),
    }
}

fn of_host(fault: &HostFault) -> String {
    match fault {
        HostFault::DrillInLive => {
            "実運用の空間は実時刻で動き、シナリオは使えません。drill/kansai のような訓練の空間を使ってください"
                .to_owned()
        }
        HostFault::Server(fault) => server(fault),
        HostFault::Ledger(fault) | HostFault::Hub(HubFault::Ledger(fault)) => ledger(fault),
        HostFault::Hub(HubFault::Open(fault)) => open(fault),
        HostFault::Scenario(fault) => fault.report(&refusal).ja,
        HostFault::Seed(fault) => seed(fault),
        HostFault::Network(fault) => network(fault),
        HostFault::NetworkFile { path, fault } => format!(
            "{} を道路網として使えません({fault})。yui network import で作り直してください",
            path.display()
        ),
        HostFault::Telemetry(fault) => telemetry(fault),
        HostFault::Hub(HubFault::Thread(source)) | HostFault::Runtime(source) => {
            format!("スレッドを作れません({source})。ほかのプログラムを終了してください")
        }
    }
}

/// Why a drill cannot be played on.
#[must_use]
pub fn run(fault: &RunFault, lang: Lang) -> String {
    match (fault, lang) {
        (_, Lang::En) => fault.to_string(),
        (RunFault::Open(fault), Lang::Ja) => open(fault),
        (RunFault::Ledger(fault), Lang::Ja) => ledger(fault),
        (RunFault::Seed { origin, error }, Lang::Ja) => {
            format!("{}:{}: {}", origin.file, origin.line, of_submit(error))
        }
        (RunFault::Problem(fault), Lang::Ja) => format!("順位を計算できません({fault})"),
        (RunFault::Restless { at }, Lang::Ja) => {
            format!("{}: 台帳が落ち着きません。シナリオと乱数の種を添えて報告してください", at.0)
        }
    }
}

fn refusal(rejection: &Rejection) -> Name {
    let refused = ServiceError::Submit(SubmitError::Rejected(rejection.clone()));
    Name { ja: japanese(&refused), en: english(&refused) }
}

fn server(fault: &ServerFault) -> String {
    match fault {
        ServerFault::NotLoopback { address } => format!(
            "{address} は他の機器から到達できます。利用者の確認ができるまでは 127.0.0.1 か [::1] で待ち受けてください"
        ),
        ServerFault::PortInUse { address } => format!(
            "{address} のポート {} は使用中です。使用中のプログラムを止めるか、--listen で別のポートを指定してください",
            address.port()
        ),
        ServerFault::Listen { address, source } => {
            format!("{address} で待ち受けできません({source})。--listen を確認してください")
        }
        ServerFault::Signals { source } => format!("停止の合図を受け取れません({source})"),
    }
}

fn telemetry(fault: &TelemetryFault) -> String {
    match fault {
        TelemetryFault::Format { given } => {
            format!("「{given}」というログの形式はありません。text か json です")
        }
        TelemetryFault::Filter { given, source } => format!(
            "「{given}」はログの絞り込みではありません({source})。info,yui::service=debug のように書いてください"
        ),
        TelemetryFault::Installed => "ログはすでに設定されています".to_owned(),
    }
}

fn seed(fault: &SeedFault) -> String {
    match fault {
        SeedFault::WrongSpace { scenario, union } => {
            format!(
                "シナリオは {scenario} のもので、ここは {union} です。--space {scenario} で提供してください"
            )
        }
        SeedFault::LedgerClosed { ledger } => {
            format!("{ledger} の台帳が開きません。サーバーのログを確認してください")
        }
        SeedFault::NotAccepted { origin, error } => {
            format!("{}:{}: {}", origin.file, origin.line, of_submit(error))
        }
    }
}

fn network(fault: &NetworkFault) -> String {
    let NetworkFault { table, line, column, what } = fault;
    format!("道路の表({}) {line} 行目、列 {column}: {}", road_table(*table), flaw(what))
}

fn road_table(table: Table) -> &'static str {
    match table {
        Table::Nodes => "地点 nodes",
        Table::Structures => "構造物 structures",
        Table::Links => "道路 links",
    }
}

fn flaw(what: &Flaw) -> String {
    match what {
        Flaw::Unreadable { reason } => format!("読めません({reason})"),
        Flaw::MissingColumn => "見出しにこの列がありません。加えてください".to_owned(),
        Flaw::TooManyRows { limit } => format!("{limit} 行を超えています。表を分けてください"),
        Flaw::BadName(error) => format!("名前として使えません({error})"),
        Flaw::Duplicate { id, first_line } => {
            format!("\"{id}\" は {first_line} 行目にもあります。どちらかの名前を変えてください")
        }
        Flaw::UnknownName { of, id, near } => {
            let near: Vec<&str> = near.iter().map(crate::id::Slug::as_str).collect();
            let hint = if near.is_empty() {
                String::new()
            } else {
                format!("。{} ではありませんか", near.join("、"))
            };
            format!("\"{id}\" は表({})にありません{hint}", road_table(*of))
        }
        Flaw::SelfLoop { id } => format!("始まりも終わりも \"{id}\" です。この行を除いてください"),
        Flaw::NotANumber { text, expected } => format!("\"{text}\" は数({expected})ではありません"),
        Flaw::OutOfRange { text, range } => format!("{text} は範囲外です。{range} の間にしてください"),
        Flaw::NotOnEarth(error) => format!("地球上の位置ではありません({error})"),
        Flaw::UnknownWord { text, words } => format!("\"{text}\" は使えません。使えるのは {words} です"),
    }
}

/// A ledger's fault.
#[must_use]
pub fn ledger(fault: &LedgerFault) -> String {
    match fault {
        LedgerFault::InUse { path } => format!(
            "{} は別のサーバーが使用中です。先にそちらを止めるか、別の --data を指定してください",
            path.display()
        ),
        LedgerFault::Io { path, source, .. } => format!(
            "{} を使えません({source})。フォルダの有無、書き込みの権限、ディスクの状態を確認してください",
            path.display()
        ),
        LedgerFault::Engine { path, source, .. } => format!(
            "{} を扱えません({source})。ディスクを確認し、yui check を実行してください",
            path.display()
        ),
        LedgerFault::DiskFull { path } => format!(
            "{} のディスクに空きがありません。何も書かれていません。空きを作ってやり直してください",
            path.display()
        ),
        LedgerFault::NotALedger { path } => {
            format!("{} は台帳ではありません。--data を確認してください", path.display())
        }
        LedgerFault::UnknownFile { path } => {
            format!("{} は台帳の名前ではありません。データのフォルダの外へ移してください", path.display())
        }
        LedgerFault::NewerFormat { path, found, known } => format!(
            "{} の形式は {found}、この版が読めるのは {known} までです。新しい yui を使ってください",
            path.display()
        ),
        LedgerFault::WrongSpace { path, expected, found } => format!(
            "{} は空間 {found} のもので、{expected} ではありません。--space と --data を確認してください",
            path.display()
        ),
        LedgerFault::WrongLedger { path, expected, found } => format!(
            "{} の中身は {found} の台帳で、{expected} ではありません。正しいファイルを戻してください",
            path.display()
        ),
        LedgerFault::UnsafeSetting { path, setting, required, found } => format!(
            "{} の {setting} は {found} ですが {required} でなければなりません。共有ではなく本体のディスクに置いてください",
            path.display()
        ),
        LedgerFault::Damaged { path, ledger, sequence, part: hurt, extent: range } => {
            let record = sequence.map(|sequence| format!(" の記録 {sequence}")).unwrap_or_default();
            format!("{}({ledger}{record}): {}。{}", path.display(), part(*hurt), extent(*range))
        }
        LedgerFault::TailLost { path, witness, ledger, acknowledged, found } => format!(
            "{}({ledger})は記録 {found} で終わりますが、{acknowledged} まで確認済みでした。最新の控えから戻すか、失われたものとして進むなら {} を取り除いてください",
            path.display(),
            witness.display()
        ),
        LedgerFault::KeysMissing { path, ledger } => {
            format!("{ledger} の鍵のファイル {} がありません。鍵の保管場所から戻してください", path.display())
        }
        LedgerFault::KeysDamaged { path, ledger } => format!(
            "{} は壊れているか、{ledger} の鍵ではありません。正しいファイルを戻してください",
            path.display()
        ),
        LedgerFault::KeyLost { path, ledger, sequence, index } => format!(
            "{}: {ledger} の記録 {sequence} の封 {index} の鍵が失われています。鍵の保管場所から戻してください",
            path.display()
        ),
        LedgerFault::ProblemMissing { path, hash } => {
            format!("{}: 問題 {hash} がありません。控えから戻してください", path.display())
        }
        LedgerFault::Event { ledger, sequence, source } => format!(
            "{ledger} の記録 {sequence} の出来事を読めません({source})。書いた版の yui を使い、yui check を実行してください"
        ),
        LedgerFault::Randomness { reason } => {
            format!("鍵のための乱数が得られません({reason})。何も書かれていません")
        }
        LedgerFault::Halted { path } => format!(
            "{} は書き込みに失敗した後で止まっています。再起動すれば、ディスクにあるものから続けます",
            path.display()
        ),
        LedgerFault::WrongSequence { .. }
        | LedgerFault::TimeGoesBack { .. }
        | LedgerFault::RequestRepeated { .. }
        | LedgerFault::Unfit { .. }
        | LedgerFault::NoSuchRecord { .. }
        | LedgerFault::NoSuchSeal { .. }
        | LedgerFault::Crashed => {
            format!("台帳を続けられません({fault})。yui check を実行し、不具合として知らせてください")
        }
    }
}

/// Why a ledger could not be opened for writing.
#[must_use]
pub fn open(fault: &OpenFault) -> String {
    match fault {
        OpenFault::Ledger(fault) => ledger(fault),
        OpenFault::Record { ledger, sequence, fault } => format!(
            "{ledger} の記録 {sequence} を読めません({fault})。新しい yui が書いたか、損傷しています。yui check を実行してください"
        ),
        OpenFault::Contradiction { ledger, sequence } => format!(
            "{ledger} の記録 {sequence} がそれまでの記録と矛盾します。控えから戻し、yui check の結果とともに知らせてください"
        ),
        OpenFault::StateDiffers { ledger, sequence } => format!(
            "{ledger} は記録 {sequence} で、書かれた時と違う状態になります。提供せずに yui check を実行してください"
        ),
        OpenFault::NoAuthority { ledger } => format!("{ledger} の権限を取れませんでした"),
    }
}

/// What of a ledger is hurt.
#[must_use]
pub fn part(part: DamagedPart) -> &'static str {
    match part {
        DamagedPart::Storage => "ファイルの構造が壊れています",
        DamagedPart::Tables => "表が台帳のものではありません",
        DamagedPart::Identity => "どの台帳か書かれていません",
        DamagedPart::Row => "列の種類か長さが違います",
        DamagedPart::Gap => "記録が欠けているか順序が違います",
        DamagedPart::Body => "本体が記録されたハッシュと合いません",
        DamagedPart::Link => "前の記録に続いていません",
        DamagedPart::Envelope => "本体が読めません",
        DamagedPart::Space => "本体が別の空間を指しています",
        DamagedPart::Ledger => "本体が別の台帳を指しています",
        DamagedPart::Sequence => "本体が別の番号を指しています",
        DamagedPart::Time => "前の記録より古い時刻です",
        DamagedPart::RequestId => "要求IDが本体と違います",
        DamagedPart::RequestIndex => "要求IDの索引が記録と合いません",
        DamagedPart::Sealed => "封が書かれた時と違います",
        DamagedPart::Acknowledged => "確認済みの記録と違います",
        DamagedPart::Checkpoint => "検査点が書かれた時と違います",
        DamagedPart::Problem => "問題が書かれた時と違います",
    }
}

fn extent(extent: Extent) -> &'static str {
    match extent {
        Extent::Tail => "最後の記録だけの損傷です。控えから戻すか、戻した後でその一件を入力し直してください",
        Extent::Middle => "後ろの記録がこの上に立っています。ファイル全体を控えから戻してください",
        Extent::File => "ファイルを控えから戻してください",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::SubmitError;
    use crate::drill::scenario::Origin;

    #[test]
    fn roads_and_rows_that_cannot_be_are_told_in_japanese_with_file_and_line() {
        let flaw = NetworkFault { table: Table::Links, line: 7, column: "class", what: Flaw::MissingColumn };
        let error = SubmitError::StorageFull { ledger: "members/hyogo".parse().unwrap() };
        let seed = SeedFault::NotAccepted { origin: Origin { file: "sites.csv", line: 9 }, error };
        for (fault, words) in [
            (HostFault::Network(flaw), ["links", "7 行目"]),
            (HostFault::Seed(seed), ["sites.csv:9", "空きを作って"]),
        ] {
            let japanese = host(&fault, Lang::Ja);
            for word in words {
                assert!(japanese.contains(word), "{word}: {japanese}");
            }
            assert!(host(&fault, Lang::En).is_ascii(), "{fault}");
        }
    }

    #[test]
    fn a_damaged_record_is_told_with_file_ledger_sequence_and_what_to_do() {
        let fault = LedgerFault::Damaged {
            path: "data/live/members.hyogo.ledger".into(),
            ledger: "members/hyogo".parse().unwrap(),
            sequence: Some(7),
            part: DamagedPart::Body,
            extent: Extent::Middle,
        };
        let text = ledger(&fault);
        for said in ["members.hyogo.ledger", "members/hyogo の記録 7", "ハッシュ", "控えから戻して"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    #[test]
    fn a_full_disk_says_that_nothing_was_written() {
        let text = ledger(&LedgerFault::DiskFull { path: "/data/live/members.hyogo.ledger".into() });
        assert!(text.contains("空きがありません") && text.contains("何も書かれていません"), "{text}");
    }
}
