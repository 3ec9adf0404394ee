//! Descent Lab: a laboratory for the optimizers that train neural networks.
//!
//! # The spine
//!
//! An [`Experiment`](experiment::Experiment) is plain data. [`check`](experiment::Experiment::check)
//! turns it into something that can run, or into everything that is wrong with it. The
//! [`engine`] advances all its runs in lockstep and appends to a [`History`](engine::History),
//! which is the only thing that is ever drawn, tabled or exported. A
//! [`Playhead`](playback::Playhead) is a cursor into that record.
//!
//! # The import rule
//!
//! A module imports only from those above it in this list; `tests/architecture.rs` holds it.
//!
//! ```text
//! numbers       Real, Dual, Lanes, seeded noise
//! formulas      the language of formulas: text, program, values, derivatives
//! landscapes    two-parameter surfaces: trait, card, catalogue, one file a family
//! optimizers    update rules: trait, card, catalogue, one file a rule
//! schedules     the learning rate as a function of the update's number: one file a family
//! objective     what is minimised, as a rule sees it
//! models        what learns from data: a formula fitted to a table, networks and their data
//! experiment    plain data, check, RON text, built-in experiments
//! engine        simulation, history, sweeps, worker
//! analysis      what can be said about runs: steps explained, curvature, diagnosis, maps, the tuner
//! playback      the playhead
//! storage       experiments, settings and recovery on disk
//! figures       theme, axes, fields and curves as data
//! export        CSV, JSON, SVG
//! cli           the headless commands
//! app           everything that knows egui
//! ```
//!
//! Siblings inside `landscapes` and `optimizers` never import each other. Only `app` names
//! egui. Only `models::datasets`, `storage`, `export`, `cli` and `app` touch files.

pub mod analysis;
pub mod app;
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod export;
pub mod figures;
pub mod formulas;
pub mod landscapes;
pub mod models;
pub mod numbers;
pub mod objective;
pub mod optimizers;
pub mod playback;
pub mod schedules;
pub mod storage;
