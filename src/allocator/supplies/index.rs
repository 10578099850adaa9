//! Dense indices, local to one [`Problem`](super::Problem).

/// Defines one.
macro_rules! dense_idx {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in its list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The index of the `place`-th entry; lists of a valid problem are far shorter than 2^32.
            #[must_use]
            pub fn at(place: usize) -> $name {
                $name(u32::try_from(place).unwrap_or(u32::MAX))
            }
        }
    };
}

dense_idx! {
    /// A member of the union, 0 to [`Problem::members`](super::Problem::members).
    MemberIdx
}
dense_idx! {
    /// A place in [`Problem::goods`](super::Problem::goods).
    GoodIdx
}
dense_idx! {
    /// A place in [`Problem::sites`](super::Problem::sites).
    SiteIdx
}
dense_idx! {
    /// A place in [`Problem::points`](super::Problem::points).
    PointIdx
}
dense_idx! {
    /// A place in [`Problem::classes`](super::Problem::classes).
    ClassIdx
}
dense_idx! {
    /// A place in [`Problem::fleets`](super::Problem::fleets).
    FleetIdx
}
dense_idx! {
    /// A place in [`Problem::bundles`](super::Problem::bundles): bridges and tunnels that ways share.
    BundleIdx
}
dense_idx! {
    /// A place in [`Problem::stocks`](super::Problem::stocks).
    StockIdx
}
dense_idx! {
    /// A place in [`Problem::needs`](super::Problem::needs).
    NeedIdx
}
dense_idx! {
    /// A period of the plan, 0 to [`Problem::periods`](super::Problem::periods).
    PeriodIdx
}
