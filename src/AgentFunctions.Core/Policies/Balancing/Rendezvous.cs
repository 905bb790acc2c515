namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>
/// Rendezvous (highest random weight) hashing: the same key gives the same node on every worker without any state, and a node that comes or goes moves only its own
/// share of the keys (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on Networking 6(1), 1998).
/// </summary>
public static class Rendezvous
{
    /// <summary>All nodes in a key's order: who serves it, who would if that one were gone, and so on.</summary>
    /// <param name="key">The key, such as a session's ID.</param>
    /// <param name="nodes">The nodes' names, at least one. Their order does not matter, unless two have one name.</param>
    /// <returns>The nodes' places in the list, from 0.</returns>
    /// <exception cref="ArgumentException">There are no nodes.</exception>
    public static IReadOnlyList<int> Order(string key, IReadOnlyList<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(nodes);
        if (nodes.Count == 0) throw new ArgumentException("There are no nodes to choose from. Give at least one.", nameof(nodes));
        var seed = Fnv.Of(key);
        return [.. Enumerable.Range(0, nodes.Count).OrderByDescending(i => Fnv.Of(nodes[i], seed))];
    }

    /// <summary>A number that a key and a node always give, evenly spread over the keys, even over those that the node serves.</summary>
    /// <param name="key">The key.</param>
    /// <param name="node">The node's name.</param>
    /// <returns>0 inclusive to 1 exclusive.</returns>
    public static double Fraction(string key, string node) => (Fnv.Mix(Fnv.Of(node, Fnv.Of(key)) + 1) >> 11) / (double)(1UL << 53);
}
