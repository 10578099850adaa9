//! One multiplexed stream of changes: snapshot, `CURRENT`, changes, heartbeats; resumed by a token.
//!
//! A watch pulls: it wakes when a view is published, asks what was touched since it last looked, and shows how that is
//! now. So a writer never waits for a watcher, a burst of records about one resource is one change, and a watcher that
//! was away gets what it missed. It may see a change twice; it never misses one.

mod query;
#[cfg(test)]
mod tests;
mod token;

use crate::api::v1::watch_response::Marker;
use crate::api::v1::watch_service_server::WatchService;
use crate::api::v1::{Change, WatchRequest, WatchResponse};
use crate::authority::{Union, View, notices};
use crate::decision::touches::Resource;
use crate::id::LedgerId;
use crate::service::Desk;
use crate::service::convert::{Names, Shown};
use crate::service::refusal::Refusal;
use prost::Message;
use query::Query;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use token::{Seen, Stamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Interval, MissedTickBehavior};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

/// Changes in one message.
pub const PAGE_CHANGES_MAX: usize = 256;

/// Bytes of the changes in one message, unless one change alone has more; clients usually read up to 4 MiB.
const PAGE_BYTES_MAX: usize = 512 * 1024;

/// How much watches take on, and how long they wait.
#[derive(Clone, Debug)]
pub struct WatchLimits {
    /// Watches at once.
    pub watches_max: usize,
    /// Messages that wait for a watcher: with [`PAGE_CHANGES_MAX`] it bounds what one that does not read costs.
    pub queue: usize,
    /// How long a watcher may leave a full queue unread.
    pub patience: Duration,
    /// Real time between two heartbeats.
    pub heartbeat: Duration,
}

impl Default for WatchLimits {
    fn default() -> WatchLimits {
        WatchLimits {
            watches_max: 1_024,
            queue: 4,
            patience: Duration::from_secs(10),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// Shows resources as they are in a view; one that is not there (any more) is left out.
pub type Show = dyn Fn(&Arc<View>, &[Resource]) -> Vec<Change> + Send + Sync;

/// The watch.
pub struct Watch<U> {
    union: Arc<U>,
    show: Arc<Show>,
    limits: WatchLimits,
    places: Arc<Semaphore>,
}

impl<U: Union> Watch<U> {
    /// A watch over the union of `desk`, which shows resources as every other call does.
    pub fn at(desk: &Arc<Desk<U>>, limits: WatchLimits) -> Watch<U> {
        let union = Arc::clone(desk.union());
        let desk = Arc::clone(desk);
        let show = move |view: &Arc<View>, resources: &[Resource]| {
            let shown = Shown { view: Arc::clone(view), ..desk.shown() };
            resources.iter().filter_map(|resource| shown.resource(resource)).collect()
        };
        Watch::new(union, show, limits)
    }

    /// A watch over `union`; `show` turns resources into what goes over the wire.
    pub fn new(
        union: Arc<U>,
        show: impl Fn(&Arc<View>, &[Resource]) -> Vec<Change> + Send + Sync + 'static,
        limits: WatchLimits,
    ) -> Watch<U> {
        let places = Arc::new(Semaphore::new(limits.watches_max));
        Watch { union, show: Arc::new(show), limits, places }
    }
}

#[tonic::async_trait]
impl<U: Union> WatchService for Watch<U> {
    type WatchStream = WatchStream;

    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<WatchStream>, Status> {
        let request = request.into_inner();
        let space = self.union.view().space.clone();
        let query = Query::read(&Names::of(space.clone()), &request)?;
        let stamp = Stamp::of(&space, &query.text());
        let resumed = match request.resume_token.as_slice() {
            [] => None,
            token => Some(stamp.read(&space, token)?),
        };
        let watches_max = self.limits.watches_max;
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Refusal::TooManyWatches { watches_max })?;
        let (out, queue) = mpsc::channel(self.limits.queue);
        let end = Arc::new(OnceLock::new());
        let feed = Feed {
            union: Arc::clone(&self.union),
            show: Arc::clone(&self.show),
            patience: self.limits.patience,
            heartbeat: self.limits.heartbeat,
            query,
            stamp,
            out,
        };
        let told = Arc::clone(&end);
        tokio::spawn(async move {
            if let Err(Stopped::Refused(refusal)) = feed.run(resumed).await {
                // Set before the queue closes, which is what the stream waits for.
                let _ = told.set(refusal);
            }
        });
        Ok(Response::new(WatchStream { queue, end, _place: place }))
    }
}

/// What a watcher reads: the queue, then why it ended.
pub struct WatchStream {
    queue: mpsc::Receiver<WatchResponse>,
    end: Arc<OnceLock<Refusal>>,
    _place: OwnedSemaphorePermit,
}

impl Stream for WatchStream {
    type Item = Result<WatchResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.queue.poll_recv(cx) {
            Poll::Ready(Some(response)) => Poll::Ready(Some(Ok(response))),
            Poll::Ready(None) => {
                let end = Arc::clone(&self.end);
                // Told once; after it the stream is over.
                self.end = Arc::default();
                Poll::Ready(end.get().map(|refusal| Err(refusal.status())))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Why a feed stopped.
enum Stopped {
    /// Nobody reads it any more.
    Unwatched,
    /// It was ended, and its reader is told why.
    Refused(Refusal),
}

/// What a watcher has not seen yet.
struct Missed {
    resources: Vec<Resource>,
    /// How far each ledger is read with it.
    next: Seen,
}

/// What fills the queue of one watcher.
struct Feed<U> {
    union: Arc<U>,
    show: Arc<Show>,
    patience: Duration,
    heartbeat: Duration,
    query: Query,
    stamp: Stamp,
    out: mpsc::Sender<WatchResponse>,
}

impl<U: Union> Feed<U> {
    /// Feeds until the watcher goes, reads too slowly, or the authorities stop.
    async fn run(self, resumed: Option<Seen>) -> Result<(), Stopped> {
        let mut views = self.union.subscribe();
        let mut beat = self.beat();
        let view = views.borrow_and_update().clone();
        let mut seen = match resumed {
            None => self.snapshot(&view).await?,
            Some(seen) => self.resume(&view, &seen).await?,
        };
        loop {
            let view = views.borrow_and_update().clone();
            seen = match self.missed(&view, &seen) {
                Some(missed) => self.catch_up(&view, &seen, missed).await?,
                None => self.anew(&view).await?,
            };
            tokio::select! {
                () = self.out.closed() => return Err(Stopped::Unwatched),
                published = views.changed() => {
                    published.map_err(|_| Stopped::Refused(Refusal::Stopping))?;
                }
                _ = beat.tick() => self.send(Marker::Heartbeat, Vec::new(), &seen).await?,
            }
        }
    }

    /// Ticks in real time, also in a drill: it tells that the connection lives.
    fn beat(&self) -> Interval {
        let first = tokio::time::Instant::now() + self.heartbeat;
        let mut beat = tokio::time::interval_at(first, self.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat
    }

    /// Everything, then `CURRENT`. Only that carries a token: who goes away before it has to begin anew.
    async fn snapshot(&self, view: &Arc<View>) -> Result<Seen, Stopped> {
        for resources in self.query.all(view).chunks(PAGE_CHANGES_MAX) {
            for changes in pages((self.show)(view, resources)) {
                self.put(Marker::Change, changes, Vec::new()).await?;
            }
        }
        let seen: Seen = view.seen().into_iter().collect();
        self.send(Marker::Current, Vec::new(), &seen).await?;
        Ok(seen)
    }

    /// What was missed since the token, then `CURRENT`; all anew where that cannot be told.
    async fn resume(&self, view: &Arc<View>, seen: &Seen) -> Result<Seen, Stopped> {
        let Some(missed) = self.missed(view, seen) else { return self.anew(view).await };
        let seen = self.catch_up(view, seen, missed).await?;
        self.send(Marker::Current, Vec::new(), &seen).await?;
        Ok(seen)
    }

    async fn anew(&self, view: &Arc<View>) -> Result<Seen, Stopped> {
        self.put(Marker::Reset, Vec::new(), Vec::new()).await?;
        self.snapshot(view).await
    }

    /// What was touched between `seen` and `view`; none when that cannot be told: `seen` lies too far back, or ahead of
    /// what is known here.
    fn missed(&self, view: &View, seen: &Seen) -> Option<Missed> {
        let now: Seen = view.seen().into_iter().collect();
        let is_past =
            |(ledger, sequence): (&LedgerId, &u64)| now.get(ledger).is_some_and(|now| sequence <= now);
        if !seen.iter().all(is_past) {
            return None;
        }
        let mut next = seen.clone();
        // A ledger that came since was read up to nothing.
        for ledger in now.keys() {
            next.entry(ledger.clone()).or_insert(0);
        }
        let mut resources = BTreeSet::new();
        for touched in self.union.touched_since(&next)? {
            // What is newer than the view is shown with the next one: how it is now does not stand in this one.
            if let Some(read) = next.get_mut(&touched.ledger)
                && now.get(&touched.ledger).is_some_and(|now| touched.sequence <= *now)
            {
                *read = touched.sequence.max(*read);
                resources.extend(touched.resources);
            }
        }
        // What is shown of a mission depends on other ledgers too.
        let missions: Vec<_> = resources.iter().flat_map(|of| notices::missions_of(view, of)).collect();
        resources.extend(missions.into_iter().map(Resource::Mission));
        resources.retain(|resource| self.query.shows(view, resource));
        Some(Missed { resources: resources.into_iter().collect(), next })
    }

    /// Sends what was missed. Only the last message carries the new token: who goes away before it gets all again.
    async fn catch_up(&self, view: &Arc<View>, seen: &Seen, missed: Missed) -> Result<Seen, Stopped> {
        let mut chunks = missed.resources.chunks(PAGE_CHANGES_MAX).peekable();
        while let Some(chunk) = chunks.next() {
            let mut pages = pages((self.show)(view, chunk)).into_iter().peekable();
            while let Some(changes) = pages.next() {
                let is_last = pages.peek().is_none() && chunks.peek().is_none();
                self.send(Marker::Change, changes, if is_last { &missed.next } else { seen }).await?;
            }
        }
        Ok(missed.next)
    }

    async fn send(&self, marker: Marker, changes: Vec<Change>, seen: &Seen) -> Result<(), Stopped> {
        self.put(marker, changes, self.stamp.token(seen)).await
    }

    /// Queues one message; a watcher who leaves the queue full for too long is cut off.
    async fn put(&self, marker: Marker, changes: Vec<Change>, resume_token: Vec<u8>) -> Result<(), Stopped> {
        let now = self.union.now();
        let response = WatchResponse {
            marker: marker.into(),
            resume_token,
            read_time: Some(prost_types::Timestamp {
                seconds: now.0.div_euclid(1_000),
                nanos: i32::try_from(now.0.rem_euclid(1_000) * 1_000_000).unwrap_or_default(),
            }),
            changes,
        };
        let patience = self.patience;
        match self.out.send_timeout(response, patience).await {
            Ok(()) => Ok(()),
            Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(Stopped::Unwatched),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                Err(Stopped::Refused(Refusal::SlowWatcher { patience }))
            }
        }
    }
}

/// Cuts changes into messages that are not too large.
fn pages(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut pages: Vec<Vec<Change>> = Vec::new();
    let mut bytes = 0;
    for change in changes {
        let length = change.encoded_len();
        match pages.last_mut() {
            Some(page) if bytes + length <= PAGE_BYTES_MAX => {
                bytes += length;
                page.push(change);
            }
            _ => {
                bytes = length;
                pages.push(vec![change]);
            }
        }
    }
    pages
}
