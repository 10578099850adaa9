//! How to ring back, what is known of a patient, who flies: read by who names the resource, told to nobody else.

use crate::common::{crash, drill, kansai};
use prost::Message;
use yui::api::v1;

const CALLER: &str = "090-1234-5678";
const PATIENT: &str = "60代男性";
const CREW: &str = "機長 佐藤";

#[tokio::test(flavor = "multi_thread")]
async fn sealed_texts_stand_in_no_list_no_watch_and_no_ledger_file() {
    let (mut drill, data) = drill().await;
    let told = v1::Request { caller: CALLER.to_owned(), patients: PATIENT.to_owned(), ..crash() };
    let request = drill.open(told).await;
    assert_eq!((request.caller.as_str(), request.patients.as_str()), (CALLER, PATIENT));
    let asked = drill.ask(&request).await;
    let go = v1::CommitRequisitionRequest {
        name: asked.name.clone(),
        crew: CREW.to_owned(),
        ..Default::default()
    };
    let mission = drill.dispatch.commit_requisition(go).await.unwrap().into_inner();
    assert_eq!(mission.crew, CREW);
    drill.settle().await;

    let parent = || "members/-".to_owned();
    let list = v1::ListRequestsRequest { parent: parent(), ..Default::default() };
    let requests = drill.dispatch.list_requests(list).await.unwrap().into_inner();
    let list = v1::ListMissionsRequest { parent: parent(), ..Default::default() };
    let missions = drill.dispatch.list_missions(list).await.unwrap().into_inner();
    assert_eq!((requests.requests.len(), missions.missions.len()), (1, 1));
    let kinds = ["request", "requisition", "mission"].map(str::to_owned).to_vec();
    let watch = v1::WatchRequest { kinds, ..Default::default() };
    let mut stream = drill.watch.watch(watch).await.unwrap().into_inner();
    let snapshot = stream.message().await.unwrap().unwrap();
    assert_eq!(snapshot.changes.len(), 3);
    for bytes in [requests.encode_to_vec(), missions.encode_to_vec(), snapshot.encode_to_vec()] {
        assert!(!holds_a_secret(&bytes));
    }
    drop(stream);
    drill.host.stop().await;

    let mut folders = vec![data.path().to_owned()];
    let mut open = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(!holds_a_secret(&bytes), "{}", path.display());
            open += usize::from(holds(&bytes, &request.place));
        }
    }
    assert!(open > 0, "what is not sealed can be found there");

    // Whoever holds the keys reads them again after a restart.
    let mut drill = kansai(data.path()).await;
    assert_eq!(drill.request(&request.name).await.patients, PATIENT);
    assert_eq!(drill.mission(&mission.name).await.crew, CREW);
    drill.host.stop().await;
}

fn holds_a_secret(bytes: &[u8]) -> bool {
    [CALLER, PATIENT, CREW].iter().any(|secret| holds(bytes, secret))
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|at| at == text.as_bytes())
}
