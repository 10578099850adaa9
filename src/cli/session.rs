//! What a command has at hand: the server, the language, where its result goes.

use super::args::PageArgs;
use super::calls::{Call, Change, Stamp};
use super::client::{self, Client};
use super::failure::Failure;
use super::sheet::{Sheet, Show};
use super::time::{self, When};
use super::{GlobalArgs, json};
use crate::api::v1;
use crate::clock::Clock;
use crate::lang::Lang;
use crate::units::Timestamp;
use std::io::{self, Write};

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Sheet,
    /// Canonical proto JSON, one line for each message.
    Json,
}

/// One run of a client command.
#[derive(Debug)]
pub struct Session {
    client: Client,
    actor: String,
    lang: Lang,
    format: Format,
    stamp: Stamp,
}

impl Session {
    /// Takes everything from the global arguments.
    ///
    /// # Errors
    /// [`Failure::Argument`] when the server's address is none.
    pub fn new(global: &GlobalArgs, lang: Lang) -> Result<Session, Failure> {
        let actor = global.actor();
        let request_id = global.request_id.clone().unwrap_or_else(client::new_request_id);
        Ok(Session {
            client: Client::new(&global.server, &actor, global.timeout)?,
            actor,
            lang,
            format: global.format(),
            stamp: Stamp { request_id, validate_only: global.validate_only },
        })
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// The language of the output.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// How results are written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The client, for a stream.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks something that changes nothing.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn read<C: Call>(&self, call: C) -> Result<C::Answer, Failure> {
        self.client.call(&call, None).await
    }

    /// Asks something and shows the answer.
    ///
    /// # Errors
    /// As [`Client::call`], and [`Failure::Output`].
    pub async fn ask<C: Call>(&self, call: C) -> Result<(), Failure>
    where
        C::Answer: Show,
    {
        let answer = self.read(call).await?;
        self.show(C::ANSWER, &answer).await
    }

    /// Changes something and shows what it led to.
    ///
    /// # Errors
    /// As [`Client::call`], and [`Failure::Output`].
    pub async fn order<C: Change>(&self, call: C) -> Result<(), Failure>
    where
        C::Answer: Show,
    {
        self.send(call, &self.stamp).await
    }

    /// Changes something and returns what it led to.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn change<C: Change>(&self, mut call: C) -> Result<C::Answer, Failure> {
        call.stamp(&self.stamp);
        self.client.call(&call, Some(&self.stamp.request_id)).await
    }

    async fn send<C: Change>(&self, mut call: C, stamp: &Stamp) -> Result<(), Failure>
    where
        C::Answer: Show,
    {
        call.stamp(stamp);
        let answer = self.client.call(&call, Some(&stamp.request_id)).await?;
        if stamp.validate_only {
            let note = self.lang.pick(
                "検証のみ: 受け付けられます。何も変更していません。\n",
                "validated only: it would be accepted; nothing was changed\n",
            );
            note_on_stderr(note);
        }
        self.show(C::ANSWER, &answer).await
    }

    /// As [`Session::order`], for one of several changes of one command: each needs an identifier of its own.
    ///
    /// # Errors
    /// As [`Session::order`].
    pub async fn order_many<C: Change>(&self, call: C) -> Result<(), Failure>
    where
        C::Answer: Show,
    {
        self.send(call, &Stamp { request_id: client::new_request_id(), ..self.stamp.clone() }).await
    }

    /// Asks for a list, all of it if so told, and shows it.
    ///
    /// # Errors
    /// As [`Client::call`], and [`Failure::Output`].
    pub async fn list<C: Paged>(&self, mut call: C, page: &PageArgs, filter: String) -> Result<(), Failure>
    where
        C::Answer: Listing + Show,
    {
        call.turn_to(
            page.page_size.unwrap_or(0),
            page.page_token.clone().unwrap_or_default(),
            filter.clone(),
        );
        let mut answer = self.read(call.clone()).await?;
        while page.all && !answer.next_page_token().is_empty() {
            let token = answer.next_page_token().to_owned();
            call.turn_to(page.page_size.unwrap_or(0), token, filter.clone());
            answer.absorb(self.read(call.clone()).await?);
        }
        self.show(C::ANSWER, &answer).await
    }

    /// Shows a message of the type `name`.
    ///
    /// # Errors
    /// [`Failure::Output`] when it cannot be written.
    pub async fn show<M: prost::Message + Show>(&self, name: &str, message: &M) -> Result<(), Failure> {
        if self.format == Format::Json {
            return write_out(&format!("{}\n", json::line(name, message)));
        }
        let mut sheet = Sheet::new(self.lang);
        message.show(&mut sheet);
        self.put(sheet).await
    }

    /// Writes a sheet, under its banner in a drill.
    async fn put(&self, sheet: Sheet) -> Result<(), Failure> {
        let drill = match sheet.drill() {
            Some(drill) => Some(drill.to_owned()),
            None => self.drill_of_server().await,
        };
        let banner = drill.map(|drill| banner(&drill, self.lang)).unwrap_or_default();
        write_out(&format!("{banner}{}", sheet.into_text()))
    }

    /// The present as the server has it: its drill clock, else this machine's.
    ///
    /// # Errors
    /// [`Failure::Unreachable`] when nobody answers.
    pub async fn now(&self) -> Result<Timestamp, Failure> {
        match self.read(v1::GetClockRequest {}).await {
            Ok(v1::DrillClock { now_time: Some(now), .. }) => Ok(time::from_wire(&now)),
            Ok(_) | Err(Failure::Refused(_)) => Ok(self.client.clock().read().wall),
            Err(failure) => Err(failure),
        }
    }

    /// A typed time for the wire; asks the server for the present only when that is needed.
    ///
    /// # Errors
    /// As [`Session::now`].
    pub async fn instant(&self, when: Option<When>) -> Result<Option<prost_types::Timestamp>, Failure> {
        let at = match when {
            None => return Ok(None),
            Some(When::At(at)) => at,
            Some(relative) => relative.resolve(self.now().await?),
        };
        Ok(Some(time::wire(at)))
    }

    /// The name of the drill space, when the names on a sheet did not tell.
    async fn drill_of_server(&self) -> Option<String> {
        let clock = self.read(v1::GetClockRequest {}).await.ok()?;
        clock.space.strip_prefix("drill/").map(str::to_owned)
    }
}

/// The first line of every sheet of a drill, so that nobody takes it for a real night.
#[must_use]
pub fn banner(drill: &str, lang: Lang) -> String {
    lang.pick(format!("【訓練 {drill}】\n"), format!("[DRILL {drill}]\n"))
}

/// Writes to stdout.
///
/// # Errors
/// [`Failure::Output`], also when the reader has gone.
pub fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes to stderr; when that is closed nobody is left to tell.
pub fn note_on_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A call for one page of a list.
pub trait Paged: Call {
    /// Chooses the page.
    fn turn_to(&mut self, page_size: i32, page_token: String, filter: String);
}

/// One page of a list.
pub trait Listing {
    /// The token of the next page; empty when this is the last.
    fn next_page_token(&self) -> &str;
    /// Adds the page that follows.
    fn absorb(&mut self, next: Self);
}

macro_rules! paged {
    ($($request:ident => $answer:ident.$items:ident;)+) => {$(
        impl Paged for v1::$request {
            fn turn_to(&mut self, page_size: i32, page_token: String, filter: String) {
                self.page_size = page_size;
                self.page_token = page_token;
                self.filter = filter;
            }
        }
        impl Listing for v1::$answer {
            fn next_page_token(&self) -> &str {
                &self.next_page_token
            }
            fn absorb(&mut self, next: Self) {
                self.$items.extend(next.$items);
                self.next_page_token = next.next_page_token;
            }
        }
    )+};
}

paged! {
    ListMembersRequest => ListMembersResponse.members;
    ListOrganisationsRequest => ListOrganisationsResponse.organisations;
    ListAssetsRequest => ListAssetsResponse.assets;
    ListPositionsRequest => ListPositionsResponse.places;
    ListSitesRequest => ListSitesResponse.sites;
    ListHospitalsRequest => ListHospitalsResponse.hospitals;
    ListAgreementsRequest => ListAgreementsResponse.agreements;
    ListOffersRequest => ListOffersResponse.offers;
    ListStandingOrdersRequest => ListStandingOrdersResponse.standing_orders;
    ListRequestsRequest => ListRequestsResponse.requests;
    ListRequisitionsRequest => ListRequisitionsResponse.requisitions;
    ListMissionsRequest => ListMissionsResponse.missions;
    ListLeasesRequest => ListLeasesResponse.leases;
    ListStructuresRequest => ListStructuresResponse.structures;
    ListRestrictionsRequest => ListRestrictionsResponse.restrictions;
    ListCommoditiesRequest => ListCommoditiesResponse.commodities;
    ListDepotsRequest => ListDepotsResponse.depots;
    ListFleetsRequest => ListFleetsResponse.fleets;
    ListStocksRequest => ListStocksResponse.stocks;
    ListNeedsRequest => ListNeedsResponse.needs;
    ListPlansRequest => ListPlansResponse.plans;
    ListPairsRequest => ListPairsResponse.pairs;
    ListShipmentsRequest => ListShipmentsResponse.shipments;
    ListNoFlyAreasRequest => ListNoFlyAreasResponse.no_fly_areas;
}
