using System.Collections;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>A graph by places instead of keys: who follows whom, and the order in which outputs come into the state. Pure.</summary>
internal sealed class GraphPlan
{
    private readonly Dictionary<string, int> placeByKey = new(StringComparer.Ordinal);

    /// <summary>Makes a plan of a graph whose keys are unique and whose edges name them. It may have cycles.</summary>
    /// <param name="input">The graph.</param>
    public GraphPlan(TaskGraphInput input)
    {
        Nodes = input.Nodes;
        for (var i = 0; i < Nodes.Count; i++) placeByKey.Add(Nodes[i].Key, i);
        Edges = [.. input.Edges.Select((edge, place) => new PlannedEdge(place, placeByKey[edge.From], placeByKey[edge.To], edge.When))];
        Into = Edges.ToLookup(edge => edge.To);
        From = Edges.ToLookup(edge => edge.From);
        Order = Sort();
    }

    public IReadOnlyList<TaskGraphNode> Nodes { get; }

    public IReadOnlyList<PlannedEdge> Edges { get; }

    /// <summary>The edges into a node.</summary>
    public ILookup<int, PlannedEdge> Into { get; }

    /// <summary>The edges out of a node.</summary>
    public ILookup<int, PlannedEdge> From { get; }

    /// <summary>The nodes, each after all that it depends on, independent ones as in the input. Nodes on a cycle, and behind one, are missing.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The place of a key.</summary>
    public int Place(string key) => placeByKey[key];

    /// <summary>For each node: the nodes that it depends on, directly or not. Only for a graph without cycles.</summary>
    public BitArray[] Ancestors()
    {
        var ancestors = new BitArray[Nodes.Count];
        foreach (var node in Order)
        {
            var set = ancestors[node] = new BitArray(Nodes.Count);
            foreach (var edge in Into[node])
            {
                set.Or(ancestors[edge.From]);
                set[edge.From] = true;
            }
        }

        return ancestors;
    }

    /// <summary>One cycle, its first node again at the end, or null where there is none.</summary>
    public IReadOnlyList<int>? Cycle()
    {
        if (Order.Count == Nodes.Count) return null;
        var open = new HashSet<int>(Enumerable.Range(0, Nodes.Count).Except(Order));

        // Every open node has an open node before it; walking back must come to a node twice.
        var way = new List<int>();
        var at = open.Min();
        while (!way.Contains(at))
        {
            way.Add(at);
            at = Into[at].Select(edge => edge.From).Where(open.Contains).Min();
        }

        List<int> cycle = [.. way.Skip(way.IndexOf(at)), at];
        cycle.Reverse();
        var lowest = cycle.IndexOf(cycle.Min());
        return [.. cycle.Skip(lowest), .. cycle.Skip(1).Take(lowest)];
    }

    /// <summary>The nodes that can be reached from these.</summary>
    public HashSet<int> Reachable(IEnumerable<int> starts)
    {
        var reached = new HashSet<int>(starts);
        var next = new Queue<int>(reached);
        while (next.TryDequeue(out var node))
        {
            foreach (var edge in From[node])
            {
                if (reached.Add(edge.To)) next.Enqueue(edge.To);
            }
        }

        return reached;
    }

    // Kahn, "Topological sorting of large networks", CACM 5(11), 1962; of the free nodes the first in the input goes first.
    private List<int> Sort()
    {
        var waiting = new int[Nodes.Count];
        foreach (var edge in Edges) waiting[edge.To]++;
        var free = new PriorityQueue<int, int>();
        for (var i = 0; i < waiting.Length; i++)
        {
            if (waiting[i] == 0) free.Enqueue(i, i);
        }

        var order = new List<int>(waiting.Length);
        while (free.TryDequeue(out var node, out _))
        {
            order.Add(node);
            foreach (var edge in From[node])
            {
                if (--waiting[edge.To] == 0) free.Enqueue(edge.To, edge.To);
            }
        }

        return order;
    }
}

/// <summary>An edge by places.</summary>
/// <param name="Place">Its place in the input.</param>
/// <param name="From">The place of its first node.</param>
/// <param name="To">The place of its second node.</param>
/// <param name="When">When it is taken.</param>
internal sealed record PlannedEdge(int Place, int From, int To, GraphCondition? When);
