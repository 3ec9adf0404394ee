//! The maps' thread: maps are computed coarse first, shown, and refined while nobody asks for
//! others.

use crate::analysis::map::{Map, MapQuestion};
use crate::app::background::Background;
use crate::engine;
use std::mem::discriminant;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most updates of a path that is computed while the pointer rests on its cell.
const MOST_UPDATES: u64 = 2_000;

/// Work for the thread.
enum Work {
    /// New maps.
    Begin(Vec<MapQuestion>),
    /// The next look at them.
    Refine(Arc<Vec<Map>>),
}

/// A cell of one of the maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which map.
    pub map: usize,
    /// Which cell, counted from the left and from the bottom.
    pub cell: [usize; 2],
}

/// The path of a cell.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The document whose map it is of.
    pub document: u64,
    /// Which cell.
    pub place: Place,
    /// Its points, the start first.
    pub path: Vec<[f64; 2]>,
    /// How many epochs it shows, where the experiment has more.
    pub cut_at: Option<u64>,
}

/// The maps on show, and the thread that makes them finer.
pub struct Mapper {
    background: Option<Background<Work, Arc<Vec<Map>>>>,
    asked: Option<Asked>,
    maps: Option<(u64, Arc<Vec<Map>>)>,
    preview: Option<Preview>,
    /// Counts the maps shown.
    serial: u64,
}

/// What was asked last, and for which document.
struct Asked {
    document: u64,
    questions: Vec<MapQuestion>,
    since: Instant,
    /// Whether it was broken off.
    is_stopped: bool,
}

/// How far the maps are that were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// They are there, or were not asked for.
    Done,
    /// They have been computed for so long.
    Computing(Duration),
    /// They were broken off.
    Stopped,
}

impl Mapper {
    pub(super) fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            background: Background::start_watched("map", wake, work).ok(),
            asked: None,
            maps: None,
            preview: None,
            serial: 0,
        }
    }

    /// The maps of these questions, as far as they are computed.
    pub fn maps_of(&self, questions: &[MapQuestion]) -> Option<&Arc<Vec<Map>>> {
        let (_, maps) = self.maps.as_ref()?;
        answers(maps, questions).then_some(maps)
    }

    /// Maps of the same runs of a document before its last changes: seen until the new ones are
    /// there, but nothing to take values from.
    pub fn maps_before(&self, document: u64, questions: &[MapQuestion]) -> Option<&Arc<Vec<Map>>> {
        let kind = |of: &MapQuestion| (of.run, discriminant(&of.experiment.objective));
        let (made, maps) = self.maps.as_ref()?;
        let are_alike = maps.len() == questions.len()
            && maps
                .iter()
                .zip(questions)
                .all(|(map, question)| kind(map.question()) == kind(question));
        (*made == document && are_alike).then_some(maps)
    }

    /// Maps with the same number have the same cells.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The path on the landscape of a document.
    pub fn shown_preview(&self, document: u64) -> Option<&Preview> {
        let preview = self.preview.as_ref();
        preview.filter(|preview| preview.document == document)
    }

    /// Whether these are the latest questions, asked for this document. Numbers that are none are
    /// the same.
    pub fn has_asked(&self, document: u64, questions: &[MapQuestion]) -> bool {
        self.asked.as_ref().is_some_and(|asked| {
            asked.document == document && are_same(asked.questions.iter(), questions)
        })
    }

    /// Whether the maps of the latest questions are still being computed.
    pub fn is_busy(&self) -> bool {
        matches!(self.stage(), Stage::Computing(_))
    }

    /// How far the maps of the latest questions are.
    pub fn stage(&self) -> Stage {
        match &self.asked {
            Some(asked) if self.background.is_some() && !self.is_answered() => {
                match asked.is_stopped {
                    true => Stage::Stopped,
                    false => Stage::Computing(asked.since.elapsed()),
                }
            }
            _ => Stage::Done,
        }
    }

    /// Breaks off what is being computed; what is there stays.
    pub(super) fn cancel(&mut self) {
        if let (Some(background), Some(asked)) = (&self.background, &mut self.asked) {
            background.cancel();
            asked.is_stopped = true;
        }
    }

    fn is_answered(&self) -> bool {
        let Some(asked) = &self.asked else {
            return true;
        };
        let maps = self.maps.as_ref();
        maps.is_some_and(|(_, maps)| {
            answers(maps, &asked.questions) && maps.iter().all(Map::is_complete)
        })
    }

    pub(super) fn ask(&mut self, document: u64, questions: Vec<MapQuestion>) {
        self.preview = None;
        if let Some(background) = &self.background {
            background.ask(Work::Begin(questions.clone()));
            self.asked = Some(Asked {
                document,
                questions,
                since: Instant::now(),
                is_stopped: false,
            });
        }
    }

    /// Takes maps that were refined, and has them refined further.
    pub(super) fn attend(&mut self) {
        let Some(background) = &self.background else {
            return;
        };
        let Some(maps) = background.take() else {
            return;
        };
        // Of which document the maps of other questions are can no longer be told.
        let asked = self.asked.as_ref();
        let Some(asked) = asked.filter(|asked| answers(&maps, &asked.questions)) else {
            return;
        };
        if !maps.iter().all(Map::is_complete) {
            background.ask(Work::Refine(Arc::clone(&maps)));
        }
        self.maps = Some((asked.document, maps));
        self.serial += 1;
    }

    pub(super) fn preview(&mut self, place: Option<Place>) {
        self.preview = place.and_then(|place| {
            let (document, maps) = self.maps.as_ref()?;
            let map = maps.get(place.map)?;
            // On anything else there is no path to draw, and it could take seconds.
            map.question().experiment.objective.landscape()?;
            let mut experiment = map.experiment(place.cell);
            let cut_at = Some(MOST_UPDATES).filter(|most| experiment.epochs > *most);
            experiment.epochs = experiment.epochs.min(MOST_UPDATES);
            let checked = experiment.check().ok()?;
            let history = engine::run(&checked, |_| ControlFlow::Continue(()));
            let points = history.traces.first()?.parameters();
            let path = points
                .filter_map(|w| Some([*w.first()?, *w.get(1)?]))
                .collect();
            Some(Preview {
                document: *document,
                place,
                path,
                cut_at,
            })
        });
    }
}

/// Whether these maps are those that are asked for.
fn answers(maps: &[Map], questions: &[MapQuestion]) -> bool {
    are_same(maps.iter().map(Map::question), questions)
}

fn are_same<'a>(
    some: impl ExactSizeIterator<Item = &'a MapQuestion>,
    others: &[MapQuestion],
) -> bool {
    some.len() == others.len() && some.zip(others).all(|(one, other)| is_same(one, other))
}

fn is_same(a: &MapQuestion, b: &MapQuestion) -> bool {
    let targets = a.target == b.target || a.target.is_nan() && b.target.is_nan();
    targets
        && (&a.experiment, a.run, &a.x, &a.y, a.cells)
            == (&b.experiment, b.run, &b.x, &b.y, b.cells)
}

fn work(work: Work, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Arc<Vec<Map>>> {
    let mut maps: Vec<Map> = match work {
        Work::Begin(questions) => {
            let maps = questions.into_iter().map(Map::new);
            maps.collect::<Result<_, _>>().ok()?
        }
        Work::Refine(maps) => Arc::unwrap_or_clone(maps),
    };
    let goes_on = || !is_superseded();
    let are_refined = engine::at_length(|| maps.iter_mut().all(|map| map.refine(&goes_on)));
    are_refined.then(|| Arc::new(maps))
}
