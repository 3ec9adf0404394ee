//! A rule with the wrappers around it and everything that they remember.

use super::wrappers::{Wrap, WrapperCard};
use super::{Memory, OptimizerCard, Place, Scope, Shape, Step, UpdateRule};
use crate::numbers::Real;

/// A rule at work on parameters in blocks, with wrappers composed around it.
///
/// The outermost wrapper is told the step first and decides what the next one is told; the
/// innermost tells the rule. Wrappers see all blocks at once, the rule what its card's scope
/// says.
pub struct Composed<'a, R> {
    rule: &'a dyn UpdateRule<R>,
    scope: Scope,
    hyperparameters: Vec<R>,
    shapes: Vec<Shape>,
    /// One for each block, or one for all of them, as the scope says.
    memories: Vec<Memory<R>>,
    /// The outermost last.
    layers: Vec<Layer<'a, R>>,
}

/// Who remembers a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The rule, of this block or, where its scope is all blocks, of all.
    Rule(usize),
    /// The wrapper with this place, the innermost first.
    Wrapper(usize),
}

/// A wrapper at work.
struct Layer<'a, R> {
    wrapper: &'a dyn Wrap<R>,
    settings: Vec<R>,
    memory: Memory<R>,
}

impl<'a, R: Real> Composed<'a, R> {
    /// A rule before its first step; `hyperparameters` are in the order of its card.
    pub fn new(
        rule: &'a dyn UpdateRule<R>,
        card: &OptimizerCard,
        hyperparameters: Vec<R>,
        shapes: &[Shape],
    ) -> Self {
        let memories = match card.scope {
            Scope::Block => shapes.iter().map(|shape| card.memory(&[*shape])).collect(),
            Scope::AllBlocks => vec![card.memory(shapes)],
        };
        Self {
            rule,
            scope: card.scope,
            hyperparameters,
            shapes: shapes.to_vec(),
            memories,
            layers: Vec::new(),
        }
    }

    /// The same with one more wrapper around everything; `settings` are in its card's order.
    #[must_use]
    pub fn wrapped(
        mut self,
        wrapper: &'a dyn Wrap<R>,
        card: &WrapperCard,
        settings: Vec<R>,
    ) -> Self {
        self.layers.push(Layer {
            wrapper,
            settings,
            memory: Memory::new(card.slots, card.scalar_slots, &self.shapes),
        });
        self
    }

    /// One update. The step's hyperparameters and shapes don't matter here: everything has its
    /// own.
    pub fn step(&mut self, now: &Step<'_, R>, parameters: &mut [R]) {
        let Self {
            rule,
            scope,
            hyperparameters,
            shapes,
            memories,
            layers,
        } = self;
        let now = Step { shapes, ..*now };
        descend(layers, &now, parameters, &mut |now, parameters| {
            let now = Step {
                hyperparameters,
                ..*now
            };
            match scope {
                Scope::AllBlocks => rule.step(&now, parameters, memories[0].lend()),
                Scope::Block => block_by_block(*rule, &now, parameters, memories),
            }
        });
    }

    /// What is shown as the run's parameters, where a wrapper shows others than those that the
    /// rule works on.
    pub fn shown(&self) -> Option<&[R]> {
        let layers = self.layers.iter().rev();
        layers
            .filter_map(|layer| layer.wrapper.shown(&layer.memory))
            .next()
    }

    /// Takes over what another remembers, which is of the same rule and wrappers in numbers of
    /// another type.
    pub fn take_over<S: Real>(
        &mut self,
        other: &Composed<'_, S>,
        mut each: impl FnMut(Owner, Place, S) -> R,
    ) {
        for (index, (mine, theirs)) in self.memories.iter_mut().zip(&other.memories).enumerate() {
            *mine = theirs.map(|place, number| each(Owner::Rule(index), place, number));
        }
        for (index, (mine, theirs)) in self.layers.iter_mut().zip(&other.layers).enumerate() {
            let memory = &theirs.memory;
            mine.memory = memory.map(|place, number| each(Owner::Wrapper(index), place, number));
        }
    }

    /// Everything that the rule and its wrappers remember.
    pub fn remembered(&self) -> impl Iterator<Item = (Owner, Place, R)> {
        let rule = self.memories.iter().enumerate();
        let rule = rule.map(|(index, memory)| (Owner::Rule(index), memory));
        let layers = self.layers.iter().enumerate();
        let layers = layers.map(|(index, layer)| (Owner::Wrapper(index), &layer.memory));
        rule.chain(layers).flat_map(|(owner, memory)| {
            let numbers = memory.numbers();
            numbers.map(move |(place, number)| (owner, place, number))
        })
    }

    /// Everything that the rule and its wrappers remember, for a checkpoint.
    pub fn numbers(&self) -> Vec<R> {
        let layers = self.layers.iter().map(|layer| &layer.memory);
        let memories = self.memories.iter().chain(layers);
        memories.flat_map(Memory::all).copied().collect()
    }

    /// Sets everything that [`numbers`](Self::numbers) gave of the same rule on the same blocks;
    /// says whether there are as many as there should be.
    pub fn set_numbers(&mut self, numbers: &[R]) -> bool {
        let layers = self.layers.iter_mut().map(|layer| &mut layer.memory);
        let memories = self.memories.iter_mut().chain(layers);
        let mut places: Vec<&mut R> = memories.flat_map(Memory::all_mut).collect();
        if places.len() != numbers.len() {
            return false;
        }
        for (place, &number) in places.iter_mut().zip(numbers) {
            **place = number;
        }
        true
    }

    /// What the rule remembers: one memory a block, or one for all.
    pub fn memories(&self) -> &[Memory<R>] {
        &self.memories
    }
}

/// Tells the outermost of `layers` the step, and so on to the rule.
fn descend<R: Real>(
    layers: &mut [Layer<'_, R>],
    now: &Step<'_, R>,
    parameters: &mut [R],
    rule: &mut dyn FnMut(&Step<'_, R>, &mut [R]),
) {
    let Some((outer, inner)) = layers.split_last_mut() else {
        rule(now, parameters);
        return;
    };
    let own = Step {
        hyperparameters: &outer.settings,
        ..*now
    };
    let memory = &mut outer.memory;
    outer
        .wrapper
        .step(&own, parameters, memory, &mut |now, parameters| {
            descend(inner, now, parameters, rule);
        });
}

fn block_by_block<R: Real>(
    rule: &dyn UpdateRule<R>,
    now: &Step<'_, R>,
    parameters: &mut [R],
    memories: &mut [Memory<R>],
) {
    let mut begin = 0;
    for (shape, memory) in now.shapes.iter().zip(memories) {
        let block = begin..begin + shape.size();
        begin = block.end;
        let now = Step {
            gradient: &now.gradient[block.clone()],
            shapes: std::slice::from_ref(shape),
            ..*now
        };
        rule.step(&now, &mut parameters[block], memory.lend());
    }
}
