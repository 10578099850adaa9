//! User stories through the real gRPC: port 0, a virtual clock, the Kansai drill.
#![allow(unreachable_pub, missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test binary")]

mod a_base_answers_on_its_page;
mod a_clock_that_is_wrong;
mod a_commitment_by_telephone;
mod a_helicopter_now;
mod a_hospital_chosen_on_the_scene;
mod a_late_go;
mod a_live_space_from_nothing;
mod a_plain_question;
mod a_restart_in_the_middle;
mod a_standing_order;
mod a_transfer;
mod an_aircraft_on_its_way_home;
mod an_integrator_connects;
mod around_what_nobody_may_fly_through;
mod bad_input;
mod calling_it_off;
mod common;
mod from_plan_to_road;
mod it_starts_only_on_what_is_whole;
mod landing_sites_are_lent;
mod many_at_once;
mod no_aircraft_can_go;
mod one_scene_told_twice;
mod secrets;
mod several_aircraft;
mod the_bridge_is_closed;
mod the_command_line;
mod the_desk_of_a_base;
mod the_registry;
mod the_roads_break;
mod watching;
mod weather_and_outages;
mod what_is_needed_where;
mod what_was_known;
mod where_they_are;
