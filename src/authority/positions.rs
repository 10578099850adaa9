//! Where assets were last seen, shared by whoever reports and whoever asks.
//!
//! Not a ledger: nothing here is recorded, and a restart forgets it. A lock is held for one batch or one search, never
//! across an await.

use crate::id::AssetId;
use crate::spatial::{AHEAD_S_MAX, Fix, Positions};
use crate::units::Timestamp;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The newest fix of each asset.
#[derive(Debug, Default)]
pub struct LivePositions {
    positions: RwLock<Positions<AssetId>>,
}

impl LivePositions {
    /// To search in.
    pub fn read(&self) -> RwLockReadGuard<'_, Positions<AssetId>> {
        self.positions.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// To report to.
    pub fn write(&self) -> RwLockWriteGuard<'_, Positions<AssetId>> {
        self.positions.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest fix of an asset that may be used at `at`: not stale then, nor from after it, since a ranking can look back.
    #[must_use]
    pub fn fresh(&self, asset: &AssetId, at: Timestamp) -> Option<Fix> {
        let positions = self.read();
        positions.get(asset).filter(|fix| !fix.is_stale(at) && fix.fix_at <= at + AHEAD_S_MAX).cloned()
    }
}
