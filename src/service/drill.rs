//! The clock of a drill space: read, moved forward, let run. The live space has none to turn.

use crate::api::v1::drill_service_server::DrillService;
use crate::api::v1::{AdvanceClockRequest, DrillClock, GetClockRequest, RunClockRequest, SetClockRequest};
use crate::authority::Union;
use crate::clock::{RATE_MAX, VirtualClock};
use crate::id::Space;
use crate::service::refusal::Refusal;
use crate::units::{Seconds, Timestamp};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// How far one call may move the clock: a year. Who has more to show moves it twice.
pub const STEP_S_MAX: Seconds = 366 * 86_400;

/// The drill clock.
#[derive(Debug)]
pub struct Drill<U> {
    union: Arc<U>,
}

impl<U: Union> Drill<U> {
    /// The clock of `union`'s space.
    #[must_use]
    pub fn new(union: Arc<U>) -> Drill<U> {
        Drill { union }
    }

    /// The clock that may be turned.
    ///
    /// # Errors
    /// [`Refusal::LiveSpaceHasNoDrillClock`], [`Refusal::DrillRunsOnWallClock`].
    fn clock(&self) -> Result<&VirtualClock, Refusal> {
        self.union.drill_clock().ok_or_else(|| match self.union.view().space.clone() {
            Space::Live => Refusal::LiveSpaceHasNoDrillClock,
            space @ Space::Drill(_) => Refusal::DrillRunsOnWallClock { space },
        })
    }

    /// Lets everything that fell due happen, even if the caller goes away in the middle, then shows the clock.
    async fn turned(&self) -> Result<Response<DrillClock>, Status> {
        let union = Arc::clone(&self.union);
        let turned = tokio::spawn(async move { union.clock_turned().await });
        turned.await.map_err(|_| Refusal::Bug)?;
        Ok(Response::new(self.shown()))
    }

    fn shown(&self) -> DrillClock {
        let (is_virtual, rate) = match self.union.drill_clock() {
            Some(clock) => (true, f64::from(clock.rate_per_mille()) / 1_000.0),
            None => (false, 1.0),
        };
        DrillClock {
            space: self.union.view().space.to_string(),
            now_time: Some(to_proto(self.union.now())),
            r#virtual: is_virtual,
            rate,
        }
    }
}

#[tonic::async_trait]
impl<U: Union> DrillService for Drill<U> {
    async fn get_clock(&self, _: Request<GetClockRequest>) -> Result<Response<DrillClock>, Status> {
        Ok(Response::new(self.shown()))
    }

    async fn advance_clock(
        &self,
        request: Request<AdvanceClockRequest>,
    ) -> Result<Response<DrillClock>, Status> {
        let clock = self.clock()?;
        let step_ms = step_ms(request.into_inner().step)?;
        clock.advance_to(self.union.now().plus_millis(step_ms));
        self.turned().await
    }

    async fn set_clock(&self, request: Request<SetClockRequest>) -> Result<Response<DrillClock>, Status> {
        let clock = self.clock()?;
        let now = self.union.now();
        let at = time_ahead(now, request.into_inner().now_time)?;
        clock.advance_to(at);
        self.turned().await
    }

    async fn run_clock(&self, request: Request<RunClockRequest>) -> Result<Response<DrillClock>, Status> {
        let clock = self.clock()?;
        clock.run(rate_per_mille(request.into_inner().rate)?);
        self.turned().await
    }
}

/// A step in milliseconds, rounded down.
///
/// # Errors
/// [`Refusal::BadStep`] when it is missing, negative, malformed or longer than [`STEP_S_MAX`].
fn step_ms(step: Option<prost_types::Duration>) -> Result<i64, Refusal> {
    let bad = Refusal::BadStep { step_s_max: STEP_S_MAX };
    let Some(step) = step else { return Err(bad) };
    if !(0..=i64::from(STEP_S_MAX)).contains(&step.seconds) || !(0..1_000_000_000).contains(&step.nanos) {
        return Err(bad);
    }
    let step_ms = step.seconds * 1_000 + i64::from(step.nanos) / 1_000_000;
    if step_ms > i64::from(STEP_S_MAX) * 1_000 { Err(bad) } else { Ok(step_ms) }
}

/// A time to move to, rounded down to milliseconds.
///
/// # Errors
/// [`Refusal::BadTime`] when it is missing, malformed or more than [`STEP_S_MAX`] ahead; [`Refusal::ClockGoesBack`].
fn time_ahead(now: Timestamp, at: Option<prost_types::Timestamp>) -> Result<Timestamp, Refusal> {
    let bad = Refusal::BadTime { step_s_max: STEP_S_MAX };
    let Some(at) = at else { return Err(bad) };
    if !(0..1_000_000_000).contains(&at.nanos) {
        return Err(bad);
    }
    let ms = at.seconds.checked_mul(1_000).and_then(|ms| ms.checked_add(i64::from(at.nanos) / 1_000_000));
    match ms.map(Timestamp) {
        Some(at) if at < Timestamp::MIN || at > now + STEP_S_MAX => Err(bad),
        Some(at) if at < now => Err(Refusal::ClockGoesBack { now }),
        Some(at) => Ok(at),
        None => Err(bad),
    }
}

/// Virtual milliseconds a real second, rounded to the nearest.
///
/// # Errors
/// [`Refusal::BadRate`] when it is not a number, negative, faster than [`RATE_MAX`], or so slow that it would stand still.
fn rate_per_mille(rate: f64) -> Result<u32, Refusal> {
    let fastest = f64::from(RATE_MAX);
    if rate == 0.0 {
        return Ok(0);
    }
    // NaN lies in no range.
    if !(0.001..=fastest).contains(&rate) {
        return Err(Refusal::BadRate { rate_max: RATE_MAX });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 and 3,600,000")]
    Ok((rate * 1_000.0 + 0.5) as u32)
}

fn to_proto(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.0.div_euclid(1_000),
        nanos: i32::try_from(at.0.rem_euclid(1_000) * 1_000_000).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::fake_union::{FakeUnion, START};
    use std::sync::atomic::Ordering;
    use tonic::Code;
    use tonic_types::StatusExt;

    fn duration(seconds: i64, nanos: i32) -> Option<prost_types::Duration> {
        Some(prost_types::Duration { seconds, nanos })
    }

    fn refusal<T>(answer: Result<Response<T>, Status>) -> (Code, String) {
        let status = answer.err().expect("it is refused");
        (status.code(), status.get_details_error_info().unwrap().reason)
    }

    #[tokio::test]
    async fn a_drill_clock_is_read_moved_and_let_run() {
        let union = Arc::new(FakeUnion::drill());
        let drill = Drill::new(Arc::clone(&union));
        let clock = drill.get_clock(Request::new(GetClockRequest {})).await.unwrap().into_inner();
        assert_eq!((clock.space.as_str(), clock.r#virtual, clock.rate), ("drill/kansai", true, 0.0));
        assert_eq!(clock.now_time, Some(to_proto(START)));
        let step = AdvanceClockRequest { step: duration(90, 500_999_999) };
        let clock = drill.advance_clock(Request::new(step)).await.unwrap().into_inner();
        assert_eq!(clock.now_time, Some(to_proto(START.plus_millis(90_500))));
        let at = SetClockRequest { now_time: Some(to_proto(START + 3_600)) };
        let clock = drill.set_clock(Request::new(at)).await.unwrap().into_inner();
        assert_eq!(clock.now_time, Some(to_proto(START + 3_600)));
        let clock =
            drill.run_clock(Request::new(RunClockRequest { rate: 0.001 })).await.unwrap().into_inner();
        assert_eq!(clock.rate, 0.001);
        drill.run_clock(Request::new(RunClockRequest { rate: 0.0 })).await.unwrap();
        assert_eq!(union.turns.load(Ordering::SeqCst), 4, "the authorities are told each time");
    }

    #[tokio::test]
    async fn a_wrong_step_time_or_rate_moves_nothing() {
        let union = Arc::new(FakeUnion::drill());
        let drill = Drill::new(Arc::clone(&union));
        let year = i64::from(STEP_S_MAX);
        for step in [
            None,
            duration(-1, 0),
            duration(0, -1),
            duration(0, 1_000_000_000),
            duration(year + 1, 0),
            duration(year, 1_000_000),
            duration(i64::MAX, 0),
            duration(i64::MIN, i32::MIN),
        ] {
            let answer = drill.advance_clock(Request::new(AdvanceClockRequest { step })).await;
            assert_eq!(refusal(answer), (Code::InvalidArgument, "BAD_STEP".into()), "{step:?}");
        }
        let now = START.0 / 1_000;
        for (seconds, nanos) in
            [(i64::MAX, 0), (i64::MIN, 0), (now + year + 1, 0), (now, -1), (now, i32::MAX)]
        {
            let now_time = Some(prost_types::Timestamp { seconds, nanos });
            let answer = drill.set_clock(Request::new(SetClockRequest { now_time })).await;
            assert_eq!(refusal(answer), (Code::InvalidArgument, "BAD_TIME".into()), "{seconds} {nanos}");
        }
        let now_time = Some(to_proto(START.plus_millis(-1)));
        let answer = drill.set_clock(Request::new(SetClockRequest { now_time })).await;
        assert_eq!(refusal(answer), (Code::FailedPrecondition, "CLOCK_GOES_BACK".into()));
        for rate in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.000_9, 3_600.1, f64::MAX] {
            let answer = drill.run_clock(Request::new(RunClockRequest { rate })).await;
            assert_eq!(refusal(answer), (Code::InvalidArgument, "BAD_RATE".into()), "{rate}");
        }
        assert_eq!((union.now(), union.turns.load(Ordering::SeqCst)), (START, 0));
    }

    #[tokio::test]
    async fn the_live_space_has_no_clock_to_turn() {
        for (space, expected) in
            [("live", "LIVE_SPACE_HAS_NO_DRILL_CLOCK"), ("drill/kansai", "DRILL_RUNS_ON_WALL_CLOCK")]
        {
            let drill = Drill::new(Arc::new(FakeUnion::new(space, None)));
            let clock = drill.get_clock(Request::new(GetClockRequest {})).await.unwrap().into_inner();
            assert_eq!((clock.r#virtual, clock.rate), (false, 1.0));
            let step = AdvanceClockRequest { step: duration(1, 0) };
            let at = SetClockRequest { now_time: Some(to_proto(START + 1)) };
            for answer in [
                drill.advance_clock(Request::new(step)).await,
                drill.set_clock(Request::new(at)).await,
                drill.run_clock(Request::new(RunClockRequest { rate: 1.0 })).await,
            ] {
                assert_eq!(refusal(answer), (Code::FailedPrecondition, expected.into()));
            }
        }
    }
}
