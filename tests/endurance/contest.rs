//! 64 clients fight for 8 aircraft: nobody is promised one that flies for somebody else.
//!
//! Each client keeps its own book of what it was promised, the ledgers are audited afterwards: two witnesses who do
//! not know each other.

use crate::asked;
use crate::audit::audit;
use crate::server::{Dispatch, Server};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tonic::Code;
use yui::api::v1;

/// The eight doctor helicopters of the union, and who answers for them.
const AIRCRAFT: [&str; 8] = [
    "members/hyogo/assets/heli-toyooka",
    "members/osaka/assets/heli-osaka",
    "members/tokushima/assets/heli-tokushima",
    "members/hyogo/assets/heli-kakogawa",
    "members/shiga/assets/heli-ritto",
    "members/tottori/assets/heli-tottori",
    "members/wakayama/assets/heli-wakayama",
    "members/nara/assets/heli-nara",
];
/// Whoever asks: a member and one of its fire departments.
const ASKING: [(&str, &str); 4] =
    [("hyogo", "fd-tamba"), ("shiga", "fd-otsu"), ("hyogo", "fd-toyooka"), ("shiga", "fd-konan")];

/// What all clients write down.
#[derive(Default)]
struct Book {
    /// By aircraft: how many clients hold a promise at this moment.
    promised: [AtomicI64; AIRCRAFT.len()],
    attempts: AtomicU64,
    promises: AtomicU64,
    turned_away: AtomicU64,
    promised_twice: AtomicU64,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_aircraft_is_promised_twice_however_many_fight_for_it() {
    let (clients, attempts) = (asked("CLIENTS", 64_u64), asked("ATTEMPTS", 600_u64));
    let seed = asked("SEED", 1_u64);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let book = Arc::new(Book::default());
    let mut fighting = Vec::new();
    for client in 0..clients {
        let (dispatch, book) = (server.dispatch().await, Arc::clone(&book));
        let dice = ChaCha8Rng::seed_from_u64(seed << 32 | client);
        fighting.push(tokio::spawn(fight(client, dispatch, dice, book, attempts)));
    }
    for fight in fighting {
        fight.await.unwrap();
    }
    server.kill();
    let counted = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let audit = audit(data.path());
    println!(
        "{clients} clients, {} attempts: {} promised, {} turned away, promised twice {}; {} records audited",
        counted(&book.attempts),
        counted(&book.promises),
        counted(&book.turned_away),
        counted(&book.promised_twice),
        audit.records,
    );
    assert_eq!(counted(&book.promised_twice), 0);
    assert_eq!(audit.commitments, counted(&book.promises));
    assert_eq!(audit.attempts, counted(&book.attempts));
    // The fight was one: some won and some were turned away.
    assert!(counted(&book.promises) > attempts / 20 && counted(&book.turned_away) > attempts / 20);
}

/// Asks for one aircraft after another until all attempts are made.
async fn fight(client: u64, mut dispatch: Dispatch, mut dice: ChaCha8Rng, book: Arc<Book>, attempts: u64) {
    let mut round = 0;
    while book.attempts.fetch_add(1, Ordering::Relaxed) < attempts {
        round += 1;
        let request = call(client, round, &mut dispatch).await;
        let which = (dice.next_u32() as usize) % AIRCRAFT.len();
        let ask = v1::AskRequisitionRequest {
            request: request.clone(),
            asset: AIRCRAFT[which].to_owned(),
            ..Default::default()
        };
        let asked = dispatch.ask_requisition(ask).await.unwrap().into_inner();
        if asked.state() == v1::requisition::State::Asked {
            answer(&asked.name, which, &mut dispatch, &mut dice, &book).await;
        } else {
            book.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        let reason = v1::CancelReason::NotNeeded.into();
        let cancel = v1::CancelRequestRequest { name: request, reason, ..Default::default() };
        dispatch.cancel_request(cancel).await.unwrap();
    }
    // One too many was counted by each client that found nothing left to do.
    book.attempts.fetch_sub(1, Ordering::Relaxed);
}

async fn call(client: u64, round: u64, dispatch: &mut Dispatch) -> String {
    let (member, department) = ASKING[(client as usize) % ASKING.len()];
    let request = v1::Request {
        kind: v1::RequestKind::Scene.into(),
        requester: format!("members/{member}/organisations/{department}"),
        position: Some(v1::LatLng { latitude: 35.17, longitude: 135.04 }),
        place: format!("call {round} of client {client}"),
        aircraft_count: 1,
        ..Default::default()
    };
    let create = v1::CreateRequestRequest {
        parent: format!("members/{member}"),
        request: Some(request),
        ..Default::default()
    };
    dispatch.create_request(create).await.unwrap().into_inner().name
}

/// What a base says: mostly yes, sometimes no; and some asks are taken back while it thinks.
async fn answer(
    requisition: &str,
    which: usize,
    dispatch: &mut Dispatch,
    dice: &mut ChaCha8Rng,
    book: &Book,
) {
    let name = requisition.to_owned();
    match dice.next_u32() % 8 {
        0 => {
            let reason = v1::DeclineReason::DeclineWeather.into();
            let decline = v1::DeclineRequisitionRequest { name, reason, ..Default::default() };
            dispatch.decline_requisition(decline).await.unwrap();
        }
        1 => {
            let withdraw = v1::WithdrawRequisitionRequest { name, ..Default::default() };
            dispatch.withdraw_requisition(withdraw).await.unwrap();
        }
        _ => {
            let go = v1::CommitRequisitionRequest { name: name.clone(), ..Default::default() };
            let mission = match dispatch.commit_requisition(go).await {
                Ok(mission) => mission.into_inner().name,
                // Its next mission, and the present one goes on: this client does not wait for it.
                Err(refusal) => {
                    assert_eq!(refusal.code(), Code::FailedPrecondition, "{refusal}");
                    book.turned_away.fetch_add(1, Ordering::Relaxed);
                    let withdraw = v1::WithdrawRequisitionRequest { name, ..Default::default() };
                    dispatch.withdraw_requisition(withdraw).await.unwrap();
                    return;
                }
            };
            book.promises.fetch_add(1, Ordering::Relaxed);
            if book.promised[which].fetch_add(1, Ordering::Relaxed) != 0 {
                book.promised_twice.fetch_add(1, Ordering::Relaxed);
            }
            let get = v1::GetMissionRequest { name: mission.clone() };
            dispatch.get_mission(get).await.unwrap();
            // Taken off the book before it is given back: the next promise may come at once.
            book.promised[which].fetch_sub(1, Ordering::Relaxed);
            let end = v1::StandDownMissionRequest { name: mission, ..Default::default() };
            let ended = dispatch.stand_down_mission(end).await;
            assert!(
                ended.is_ok() || ended.as_ref().unwrap_err().code() == Code::FailedPrecondition,
                "{ended:?}"
            );
        }
    }
}
