//! Who may come in: seats in all and per address, and strangers who make room for the next.

use super::Limits;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Counts connections.
#[derive(Clone, Debug)]
pub(super) struct Door {
    seats_max: usize,
    seats_per_address_max: usize,
    strangers_max: usize,
    book: Arc<Mutex<Book>>,
}

#[derive(Debug, Default)]
struct Book {
    seats: usize,
    by_address: BTreeMap<IpAddr, usize>,
    /// Who has not made a call yet, oldest first.
    strangers: BTreeMap<u64, oneshot::Sender<()>>,
    next: u64,
}

/// A connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    door: Door,
    number: u64,
    address: IpAddr,
    evicted: Option<oneshot::Receiver<()>>,
}

/// What makes a stranger known.
#[derive(Clone, Debug)]
pub(super) struct Acquaintance {
    door: Door,
    number: u64,
}

impl Door {
    pub(super) fn new(limits: &Limits) -> Door {
        Door {
            seats_max: limits.connections_max,
            seats_per_address_max: limits.connections_per_address_max,
            strangers_max: limits.strangers_max,
            book: Arc::default(),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat; none when all are taken, or all that one address may have. The oldest stranger makes room for it.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Seat> {
        let mut book = self.book();
        let of_address = book.by_address.get(&address).copied().unwrap_or(0);
        if book.seats >= self.seats_max || of_address >= self.seats_per_address_max {
            return None;
        }
        if book.strangers.len() >= self.strangers_max
            && let Some((_, eviction)) = book.strangers.pop_first()
        {
            let _ = eviction.send(());
        }
        let number = book.next;
        let (eviction, evicted) = oneshot::channel();
        book.next += 1;
        book.seats += 1;
        book.by_address.insert(address, of_address + 1);
        book.strangers.insert(number, eviction);
        Some(Seat { door: self.clone(), number, address, evicted: Some(evicted) })
    }
}

impl Seat {
    /// What makes this connection known: give it to whoever sees its first call.
    pub(super) fn acquaintance(&self) -> Acquaintance {
        Acquaintance { door: self.door.clone(), number: self.number }
    }

    /// Returns when the connection must make room for another; never once it is known.
    pub(super) async fn evicted(&mut self) {
        if let Some(evicted) = &mut self.evicted {
            let told = evicted.await;
            self.evicted = None;
            if told.is_ok() {
                return;
            }
        }
        std::future::pending().await
    }
}

impl Acquaintance {
    /// The connection made a call.
    pub(super) fn made(&self) {
        self.door.book().strangers.remove(&self.number);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut book = self.door.book();
        book.seats -= 1;
        book.strangers.remove(&self.number);
        match book.by_address.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                book.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn door(seats: usize, per_address: usize, strangers: usize) -> Door {
        Door::new(&Limits {
            connections_max: seats,
            connections_per_address_max: per_address,
            strangers_max: strangers,
            ..Limits::default()
        })
    }

    fn address(last: u8) -> IpAddr {
        Ipv4Addr::new(127, 0, 0, last).into()
    }

    #[test]
    fn an_address_gets_its_seats_and_a_seat_left_is_a_seat_free() {
        let door = door(3, 2, 9);
        let first = door.admit(address(1)).unwrap();
        let _second = door.admit(address(1)).unwrap();
        assert!(door.admit(address(1)).is_none());
        let _third = door.admit(address(2)).unwrap();
        assert!(door.admit(address(3)).is_none());
        drop(first);
        assert!(door.admit(address(1)).is_some());
        assert!(door.admit(address(3)).is_some());
    }

    #[tokio::test]
    async fn the_oldest_stranger_makes_room_and_an_acquaintance_stays() {
        let door = door(9, 9, 2);
        let mut known = door.admit(address(1)).unwrap();
        known.acquaintance().made();
        let mut oldest = door.admit(address(1)).unwrap();
        let mut newer = door.admit(address(1)).unwrap();
        let _newest = door.admit(address(1)).unwrap();
        oldest.evicted().await;
        tokio::select! {
            biased;
            () = known.evicted() => panic!("an acquaintance was sent away"),
            () = newer.evicted() => panic!("there was room for it"),
            () = std::future::ready(()) => {}
        }
    }
}
