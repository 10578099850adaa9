//! Nothing here: the benches of this package compare the travel-time engine and supplies with peers.
