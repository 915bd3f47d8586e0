//! Items of lists, which stand one behind the other in a Word file, as lists in lists.

use crate::import::blocks::Block;
use crate::import::docx::styles::Marker;

/// A list item before it is known what it is nested in.
pub(super) struct Item {
    /// Its level, from 0 on.
    pub(super) level: usize,
    /// How it is marked.
    pub(super) marker: Marker,
    /// What it says.
    pub(super) blocks: Vec<Block>,
}

/// Ends a list: its items become blocks.
pub(super) fn end_list(items: &mut Vec<Item>, blocks: &mut Vec<Block>) {
    let items = std::mem::take(items);
    if !items.is_empty() {
        blocks.extend(nested(items));
    }
}

/// Lists of items, each with the deeper ones that follow it.
fn nested(items: Vec<Item>) -> Vec<Block> {
    let mut lists: Vec<(Marker, Vec<Vec<Block>>)> = Vec::new();
    let mut deeper: Vec<Item> = Vec::new();
    let base = items.first().map_or(0, |it| it.level);
    let end = |deeper: &mut Vec<Item>, lists: &mut Vec<(Marker, Vec<Vec<Block>>)>| {
        let inner = std::mem::take(deeper);
        let last = lists.last_mut().and_then(|(_, it)| it.last_mut());
        if let (Some(last), false) = (last, inner.is_empty()) {
            last.extend(nested(inner));
        }
    };
    for item in items {
        if base < item.level && !lists.is_empty() {
            deeper.push(item);
            continue;
        }
        end(&mut deeper, &mut lists);
        match lists.last_mut() {
            Some((marker, list)) if *marker == item.marker => list.push(item.blocks),
            _ => lists.push((item.marker, vec![item.blocks])),
        }
    }
    end(&mut deeper, &mut lists);
    let block = |(marker, items)| match marker {
        Marker::Number => Block::Numbers(1, items),
        Marker::Bullet | Marker::None => Block::List(items),
    };
    lists.into_iter().map(block).collect()
}
