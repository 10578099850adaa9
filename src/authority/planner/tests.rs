//! Problems as they are stated from small worlds, each laid by commands that the rules accepted.

mod crews_and_modes;
mod kansai;
mod pads;
mod places;
mod registrations;
mod transfers;
mod under_way;
mod world;

use super::*;
use crate::decision::command::NewRequest;
use world::{SCENE, World, ask, hospital, org, site};
