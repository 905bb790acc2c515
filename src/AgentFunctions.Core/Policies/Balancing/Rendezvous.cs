namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>
/// Rendezvous (highest random weight) hashing: the same key gives the same node on every worker without any state, and a node that comes or goes moves only its own
/// share of the keys (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on Networking 6(1), 1998).
/// </summary>
public static class Rendezvous
{
    /// <summary>Which node serves a key.</summary>
    /// <param name="key">The key, such as a session's ID.</param>
    /// <param name="nodes">The nodes' names, at least one. Their order does not matter, unless two have one name.</param>
    /// <returns>The node's place in the list, from 0.</returns>
    /// <exception cref="ArgumentException">There are no nodes.</exception>
    public static int Choose(string key, IReadOnlyList<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(nodes);
        if (nodes.Count == 0) throw new ArgumentException("There are no nodes to choose from. Give at least one.", nameof(nodes));
        var seed = Fnv.Of(key);
        var (best, highest) = (0, 0UL);
        for (var i = 0; i < nodes.Count; i++)
        {
            var weight = Fnv.Of(nodes[i], seed);
            if (i == 0 || weight > highest) (best, highest) = (i, weight);
        }

        return best;
    }
}
