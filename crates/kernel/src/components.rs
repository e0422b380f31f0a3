//! Groups of states that determine each other, in an order in which each group needs only earlier ones.

/// The strongly connected components of the graph in which `row` points to every `col` of its entries, each
/// sorted, every component after those it points to.
///
/// A path-based search without recursion (Tarjan, SIAM J. Comput. 1 (1972) 146-160).
pub(crate) fn components(n: usize, entries: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut search = Search {
        targets: targets(n, entries),
        found: vec![None; n],
        low: vec![0; n],
        open: Vec::new(),
        is_open: vec![false; n],
        count: 0,
        components: Vec::new(),
    };
    (0..n).for_each(|root| search.visit(root));
    search.components
}

fn targets(n: usize, entries: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut targets = vec![Vec::new(); n];
    entries.iter().for_each(|(row, col)| targets[*row].push(*col));
    targets
}

struct Search {
    targets: Vec<Vec<usize>>,
    /// When each node was found.
    found: Vec<Option<usize>>,
    /// The earliest found node known to be reachable through open nodes.
    low: Vec<usize>,
    /// Nodes found but not yet in a component.
    open: Vec<usize>,
    is_open: Vec<bool>,
    count: usize,
    components: Vec<Vec<usize>>,
}

impl Search {
    /// Finds everything reachable from a root.
    fn visit(&mut self, root: usize) {
        if self.found[root].is_some() {
            return;
        }
        // Nodes being visited, each with the number of targets already followed.
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((node, followed)) = path.last_mut() {
            let node = *node;
            match self.targets[node].get(*followed) {
                Some(&target) => {
                    *followed += 1;
                    match self.found[target] {
                        None => {
                            self.enter(target);
                            path.push((target, 0));
                        }
                        Some(at) if self.is_open[target] => self.low[node] = self.low[node].min(at),
                        Some(_) => {}
                    }
                }
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[node]);
                    }
                    self.leave(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.found[node] = Some(self.count);
        self.low[node] = self.count;
        self.count += 1;
        self.open.push(node);
        self.is_open[node] = true;
    }

    /// Closes the component of a node from which no earlier open node is reachable.
    fn leave(&mut self, node: usize) {
        if self.found[node] != Some(self.low[node]) {
            return;
        }
        let start = self.open.iter().rposition(|open| *open == node).unwrap_or(0);
        let mut component = self.open.split_off(start);
        component.iter().for_each(|member| self.is_open[*member] = false);
        component.sort_unstable();
        self.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first_and_cycles_stay_together() {
        // 0 needs 1; 1, 2 and 4 need each other in a ring; 2 needs 3; 5 stands alone.
        let entries = [(0, 0), (0, 1), (1, 2), (2, 4), (4, 1), (2, 3), (3, 3)];
        assert_eq!(components(6, &entries), vec![vec![3], vec![1, 2, 4], vec![0], vec![5]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let n = 100_000;
        let entries: Vec<_> = (1..n).map(|i| (i - 1, i)).collect();
        let found = components(n, &entries);
        assert_eq!(found.len(), n);
        assert_eq!((found[0][0], found[n - 1][0]), (n - 1, 0));
    }
}
