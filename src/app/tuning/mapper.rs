//! The map's thread: a map is computed coarse first, shown, and refined while nobody asks for
//! another one.

use crate::analysis::map::{Map, MapQuestion};
use crate::app::background::Background;
use crate::engine;
use std::mem::discriminant;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The most updates of a path that is computed while the pointer rests on its cell.
const MOST_UPDATES: u64 = 2_000;

/// Work for the thread.
enum Work {
    /// A new map.
    Begin(Box<MapQuestion>),
    /// The next look at one.
    Refine(Arc<Map>),
}

/// The path of a cell.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Which cell.
    pub cell: [usize; 2],
    /// Its points, the start first.
    pub path: Vec<[f64; 2]>,
}

/// The map on show, and the thread that makes it finer.
pub struct Mapper {
    background: Option<Background<Work, Arc<Map>>>,
    asked: Option<MapQuestion>,
    map: Option<Arc<Map>>,
    preview: Option<Preview>,
    /// Counts the maps shown.
    serial: u64,
}

impl Mapper {
    pub(super) fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            background: Background::start_watched("map", wake, work).ok(),
            asked: None,
            map: None,
            preview: None,
            serial: 0,
        }
    }

    /// The newest map, of the latest question or of one before about the same kind of objective.
    pub fn map(&self) -> Option<&Arc<Map>> {
        let kind = |question: &MapQuestion| discriminant(&question.experiment.objective);
        let asked = self.asked.as_ref()?;
        self.map
            .as_ref()
            .filter(|map| kind(map.question()) == kind(asked))
    }

    /// Two maps with the same number have the same cells.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The path on the landscape.
    pub fn shown_preview(&self) -> Option<&Preview> {
        self.preview.as_ref()
    }

    /// Whether this is the latest question. Numbers that are none are the same.
    pub fn has_asked(&self, question: &MapQuestion) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|asked| is_same(asked, question))
    }

    /// Whether the map of the latest question is not complete yet.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some() && self.background.is_some() && !self.is_answered()
    }

    fn is_answered(&self) -> bool {
        let Some(asked) = &self.asked else {
            return true;
        };
        self.map
            .as_ref()
            .is_some_and(|map| is_same(map.question(), asked) && map.is_complete())
    }

    pub(super) fn ask(&mut self, question: MapQuestion) {
        self.preview = None;
        if let Some(background) = &self.background {
            background.ask(Work::Begin(Box::new(question.clone())));
            self.asked = Some(question);
        }
    }

    /// Takes a map that was refined, and has it refined further.
    pub(super) fn attend(&mut self) {
        let Some(background) = &self.background else {
            return;
        };
        let Some(map) = background.take() else { return };
        let asked = self.asked.as_ref();
        let is_latest = asked.is_some_and(|asked| is_same(map.question(), asked));
        if is_latest && !map.is_complete() {
            background.ask(Work::Refine(Arc::clone(&map)));
        }
        self.map = Some(map);
        self.serial += 1;
    }

    pub(super) fn preview(&mut self, cell: Option<[usize; 2]>) {
        self.preview = cell.and_then(|cell| {
            // On anything else there is no path to draw, and it could take seconds.
            let is_on_landscape =
                |map: &&Arc<Map>| map.question().experiment.objective.landscape().is_some();
            let map = self.map().filter(is_on_landscape)?;
            let mut experiment = map.experiment(cell);
            experiment.epochs = experiment.epochs.min(MOST_UPDATES);
            let checked = experiment.check().ok()?;
            let history = engine::run(&checked, |_| ControlFlow::Continue(()));
            let points = history.traces.first()?.parameters();
            let path = points
                .filter_map(|w| Some([*w.first()?, *w.get(1)?]))
                .collect();
            Some(Preview { cell, path })
        });
    }
}

fn is_same(a: &MapQuestion, b: &MapQuestion) -> bool {
    let targets = a.target == b.target || a.target.is_nan() && b.target.is_nan();
    targets
        && (&a.experiment, a.run, &a.x, &a.y, a.cells)
            == (&b.experiment, b.run, &b.x, &b.y, b.cells)
}

fn work(work: Work, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Arc<Map>> {
    let mut map = match work {
        Work::Begin(question) => Map::new(*question).ok()?,
        Work::Refine(map) => Arc::unwrap_or_clone(map),
    };
    let is_refined = engine::at_length(|| map.refine(&|| !is_superseded()));
    is_refined.then(|| Arc::new(map))
}
