//! Strongly connected components (Tarjan's algorithm).

/// Nodes that all reach each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) nodes: Vec<usize>,
    /// More than one node, or one that has an edge to itself.
    pub(super) is_circle: bool,
}

/// The components of the nodes; each comes after those that it has edges to. Edges to other
/// nodes are not followed.
pub(super) fn of(nodes: &[usize], edges: &dyn Fn(usize) -> Vec<usize>) -> Vec<Component> {
    let size = nodes.iter().max().map_or(0, |max| max + 1);
    let mut search = Search {
        edges,
        included: vec![false; size],
        order: vec![None; size],
        lowest: vec![0; size],
        on_stack: vec![false; size],
        stack: Vec::new(),
        seen: 0,
        found: Vec::new(),
    };
    for &node in nodes {
        search.included[node] = true;
    }
    for &node in nodes {
        if search.order[node].is_none() {
            search.from(node);
        }
    }
    search.found
}

struct Search<'e> {
    edges: &'e dyn Fn(usize) -> Vec<usize>,
    included: Vec<bool>,
    order: Vec<Option<usize>>,
    lowest: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    seen: usize,
    found: Vec<Component>,
}

/// A node on the way down, with the edges that are left to follow.
struct Visit {
    node: usize,
    targets: Vec<usize>,
}

impl Search<'_> {
    /// Without recursion: a chain may be as long as a request.
    fn from(&mut self, root: usize) {
        let mut path = vec![self.enter(root)];
        while let Some(visit) = path.last_mut() {
            let node = visit.node;
            match visit.targets.pop() {
                Some(target) if self.order[target].is_none() => path.push(self.enter(target)),
                Some(target) => {
                    if let (true, Some(order)) = (self.on_stack[target], self.order[target]) {
                        self.lowest[node] = self.lowest[node].min(order);
                    }
                }
                None => {
                    path.pop();
                    if let Some(parent) = path.last() {
                        let lowest = self.lowest[parent.node].min(self.lowest[node]);
                        self.lowest[parent.node] = lowest;
                    }
                    self.leave(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) -> Visit {
        self.order[node] = Some(self.seen);
        self.lowest[node] = self.seen;
        self.seen += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
        let mut targets = (self.edges)(node);
        targets.retain(|&target| self.included.get(target) == Some(&true));
        Visit { node, targets }
    }

    /// The node whose lowest is its own number is the first of its component.
    fn leave(&mut self, node: usize) {
        if self.order[node] != Some(self.lowest[node]) {
            return;
        }
        let mut nodes = Vec::new();
        while let Some(top) = self.stack.pop() {
            self.on_stack[top] = false;
            nodes.push(top);
            if top == node {
                break;
            }
        }
        let is_circle = nodes.len() > 1 || (self.edges)(node).contains(&node);
        self.found.push(Component { nodes, is_circle });
    }
}
