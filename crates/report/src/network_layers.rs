//! Nodes -> layers -> an order within each layer (Sugiyama, Tagawa and Toda, IEEE Trans. Syst. Man Cybern. 1981;11:109).
//!
//! Everything is decided by positions and counts, so that the same network gives the same layers on any machine.

use crate::network::{Link, Network};

/// Sweeps over the layers while crossings become fewer.
const SWEEPS: usize = 24;

/// What stands in a layer: a node, or the place where a long line passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Node(usize),
    /// The line that passes.
    Pass(usize),
}

/// Layers from top to bottom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    /// Everything placed.
    pub(crate) places: Vec<Place>,
    /// The places of each layer from left to right.
    pub(crate) rows: Vec<Vec<usize>>,
    /// For each line the places it runs through, from its upper end to its lower.
    pub(crate) paths: Vec<Vec<usize>>,
    /// Lines that run upwards.
    pub(crate) upward: Vec<bool>,
}

impl Layers {
    /// The layers of a network.
    pub(crate) fn of(network: &Network) -> Layers {
        let order = acyclic_order(network);
        let upward: Vec<bool> = network.lines.iter().map(|l| order[l.from] > order[l.to]).collect();
        let edges: Vec<(usize, usize)> = network
            .lines
            .iter()
            .zip(&upward)
            .map(|(l, up)| if *up { (l.to, l.from) } else { (l.from, l.to) })
            .collect();
        let layer = layer(network.nodes.len(), &edges);
        let mut layers = placed(&layer, &edges, upward);
        layers.untangle();
        layers
    }

    /// The neighbours of every place in the layer above (`up`) or below.
    pub(crate) fn neighbours(&self, up: bool) -> Vec<Vec<usize>> {
        let mut found = vec![Vec::new(); self.places.len()];
        for path in &self.paths {
            for pair in path.windows(2) {
                let (here, there) = if up { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
                found[here].push(there);
            }
        }
        found
    }

    /// Orders every layer by the mean position of its neighbours, up and down, and keeps the best order seen.
    fn untangle(&mut self) {
        let (above, below) = (self.neighbours(true), self.neighbours(false));
        let mut best = (self.crossings(&below), self.rows.clone());
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            let count = self.rows.len();
            for step in 1..count {
                let row = if down { step } else { count - 1 - step };
                self.sort_row(row, if down { &above } else { &below });
                self.swap_row(row, (&above, &below));
            }
            let crossings = self.crossings(&below);
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn positions(&self) -> Vec<usize> {
        let mut at = vec![0; self.places.len()];
        for row in &self.rows {
            row.iter().enumerate().for_each(|(k, place)| at[*place] = k);
        }
        at
    }

    fn sort_row(&mut self, row: usize, neighbours: &[Vec<usize>]) {
        let at = self.positions();
        let mean = |place: usize| {
            let of = &neighbours[place];
            let sum: usize = of.iter().map(|n| at[*n]).sum();
            // Twice the mean in whole numbers; a place without neighbours stays.
            if of.is_empty() { None } else { Some(sum * 1000 / of.len()) }
        };
        let mut moving: Vec<usize> = self.rows[row].iter().copied().filter(|p| mean(*p).is_some()).collect();
        moving.sort_by_key(|place| (mean(*place), at[*place]));
        let mut moving = moving.into_iter();
        for place in &mut self.rows[row] {
            if mean(*place).is_some() {
                *place = moving.next().unwrap_or(*place);
            }
        }
    }

    /// Swaps neighbours in a row while that removes crossings with both adjacent rows.
    fn swap_row(&mut self, row: usize, (above, below): (&[Vec<usize>], &[Vec<usize>])) {
        for _ in 0..4 {
            let at = self.positions();
            let mut changed = false;
            for k in 1..self.rows[row].len() {
                let (left, right) = (self.rows[row][k - 1], self.rows[row][k]);
                let cost = |a: usize, b: usize| -> usize {
                    [above, below].iter().map(|n| inversions(&n[a], &n[b], &at)).sum()
                };
                if cost(right, left) < cost(left, right) {
                    self.rows[row].swap(k - 1, k);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    fn crossings(&self, below: &[Vec<usize>]) -> usize {
        let at = self.positions();
        let of_row = |row: &Vec<usize>| -> usize {
            let pairs = (0..row.len()).flat_map(|i| (i + 1..row.len()).map(move |j| (i, j)));
            pairs.map(|(i, j)| inversions(&below[row[i]], &below[row[j]], &at)).sum()
        };
        self.rows.iter().map(of_row).sum()
    }
}

/// Pairs of neighbours that cross where the first place stands left of the second.
fn inversions(left: &[usize], right: &[usize], at: &[usize]) -> usize {
    left.iter().map(|l| right.iter().filter(|r| at[**r] < at[*l]).count()).sum()
}

/// An order of the nodes in which few lines, and flows least of all, run backwards (Eades, Lin and Smyth, Inf. Process.
/// Lett. 1993;47:319): ends are taken away first, then the node that gives most more than it takes.
fn acyclic_order(network: &Network) -> Vec<usize> {
    let n = network.nodes.len();
    let weight = |link: Link| if link == Link::Flow { 4i64 } else { 1 };
    let mut left: Vec<bool> = vec![true; n];
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while first.len() + last.len() < n {
        let sum = |node: usize, outward: bool| -> i64 {
            let ends = |l: &crate::network::Line| if outward { (l.from, l.to) } else { (l.to, l.from) };
            let own = network.lines.iter().filter(|l| ends(l).0 == node && left[ends(l).1]);
            own.map(|l| weight(l.link)).sum()
        };
        let remaining: Vec<usize> = (0..n).filter(|node| left[*node]).collect();
        let sink = remaining.iter().rev().copied().find(|node| sum(*node, true) == 0);
        let source = remaining.iter().copied().find(|node| sum(*node, false) == 0);
        let most = || {
            let gain = |node: usize| sum(node, true) - sum(node, false);
            remaining.iter().copied().reduce(|a, b| if gain(b) > gain(a) { b } else { a })
        };
        match (sink, source) {
            (_, Some(node)) => {
                first.push(node);
                left[node] = false;
            }
            (Some(node), None) => {
                last.push(node);
                left[node] = false;
            }
            (None, None) => {
                let Some(node) = most() else { break };
                first.push(node);
                left[node] = false;
            }
        }
    }
    let mut at = vec![0; n];
    first.into_iter().chain(last.into_iter().rev()).enumerate().for_each(|(k, node)| at[node] = k);
    at
}

/// The layer of every node: below all it comes after, and as near as it can be to what it leads to.
fn layer(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layer = vec![0usize; n];
    for _ in 0..n {
        let before = layer.clone();
        edges.iter().for_each(|(a, b)| layer[*b] = layer[*b].max(layer[*a] + 1));
        if before == layer {
            break;
        }
    }
    for _ in 0..n {
        let before = layer.clone();
        for node in (0..n).rev() {
            let into = edges.iter().filter(|(_, b)| *b == node).count();
            let out: Vec<usize> = edges.iter().filter(|(a, _)| *a == node).map(|(_, b)| layer[*b]).collect();
            if let Some(nearest) = out.iter().min()
                && out.len() > into
            {
                layer[node] = layer[node].max(nearest - 1);
            }
        }
        if before == layer {
            break;
        }
    }
    layer
}

fn placed(layer: &[usize], edges: &[(usize, usize)], upward: Vec<bool>) -> Layers {
    let mut places: Vec<Place> = (0..layer.len()).map(Place::Node).collect();
    let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)];
    // Nodes come in the order in which a walk from the first ones meets them, so that what belongs together starts together.
    for node in walk(layer.len(), edges) {
        rows[layer[node]].push(node);
    }
    let mut paths = Vec::new();
    for (line, (a, b)) in edges.iter().enumerate() {
        let mut path = vec![*a];
        for row in rows.iter_mut().take(layer[*b]).skip(layer[*a] + 1) {
            places.push(Place::Pass(line));
            row.push(places.len() - 1);
            path.push(places.len() - 1);
        }
        path.push(*b);
        paths.push(path);
    }
    Layers { places, rows, paths, upward }
}

fn walk(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut seen = vec![false; n];
    let mut found = Vec::new();
    for start in 0..n {
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut seen[node], true) {
                continue;
            }
            found.push(node);
            let next = edges.iter().filter(|(a, b)| *a == node || *b == node).map(|(a, b)| a + b - node);
            let mut next: Vec<usize> = next.filter(|k| !seen[*k]).collect();
            next.sort_unstable_by(|a, b| b.cmp(a));
            open.extend(next);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Node, Shape};

    fn network(n: usize, lines: &[(usize, usize)]) -> Network {
        let mut network = Network::new();
        (0..n).for_each(|k| {
            network.node(Node::new(Shape::Pool, format!("{k}")));
        });
        lines.iter().for_each(|(a, b)| network.link(*a, *b, Link::Flow, None));
        network
    }

    #[test]
    fn a_chain_has_a_layer_for_each_node_and_a_circle_one_line_upwards() {
        let chain = Layers::of(&network(4, &[(0, 1), (1, 2), (2, 3)]));
        assert_eq!(chain.rows, [[0], [1], [2], [3]]);
        let circle = Layers::of(&network(3, &[(0, 1), (1, 2), (2, 0)]));
        assert_eq!(circle.upward.iter().filter(|up| **up).count(), 1);
    }

    #[test]
    fn two_lines_that_need_not_cross_do_not() {
        let layers = Layers::of(&network(4, &[(0, 3), (1, 2)]));
        assert_eq!(layers.crossings(&layers.neighbours(false)), 0);
    }

    #[test]
    fn a_line_over_two_layers_passes_one() {
        let layers = Layers::of(&network(3, &[(0, 1), (1, 2), (0, 2)]));
        assert_eq!(layers.paths[2].len(), 3);
        assert_eq!(layers.places[layers.paths[2][1]], Place::Pass(2));
    }
}
