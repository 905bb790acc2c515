namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>The deployments in a session's order (<see cref="Rendezvous"/>): its own is the first that is well, so that it comes back by itself to one that was not.</summary>
/// <param name="key">What the session's calls have in common.</param>
/// <param name="nodes">The deployments' names, at least one.</param>
public sealed class SessionOrder(string key, IReadOnlyList<string> nodes)
{
    /// <summary>The deployments' places, the session's first choice first.</summary>
    public IReadOnlyList<int> Order { get; } = Rendezvous.Order(key, nodes);

    /// <summary>The session's own deployment; null where none is well.</summary>
    /// <param name="view">The deployments.</param>
    /// <param name="tried">The deployments that have refused this call.</param>
    internal int? Own(PoolView view, IReadOnlyCollection<int> tried)
    {
        int? comingBack = null;
        foreach (var i in Order.Where(i => !tried.Contains(i)))
        {
            var standing = view.StandingOf(i);
            if (standing == Standing.Due) return i;
            if (standing != Standing.Open) continue;

            // Sessions return to it one after the other, each once and for all.
            if (Rendezvous.Fraction(key, nodes[i]) < view.WeightOf(i)) return i;
            comingBack ??= i;
        }

        return comingBack;
    }
}
