namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>
/// Which deployment a call goes to. One that is well goes before one that is not; among those that are well a session's own goes first, then one that is due to be tried again
/// takes the next call, then the strategy decides. Where none is well, those that have failed are asked before those that have said that they refuse. Pure.
/// </summary>
public static class Balancer
{
    /// <summary>Chooses.</summary>
    /// <param name="view">The deployments.</param>
    /// <param name="strategy">The strategy.</param>
    /// <param name="draw">Chance and turn.</param>
    /// <param name="session">The session that the call belongs to. Default: none.</param>
    /// <param name="tried">The deployments that have refused this call.</param>
    /// <returns>The deployment's place, from 0; null where all have refused, or have said before that they would.</returns>
    public static int? Choose(PoolView view, BalancingStrategy strategy, Draw draw, SessionOrder? session, IReadOnlyCollection<int> tried)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(tried);
        if (session?.Own(view, tried) is { } own) return own;
        if (tried.Count == 0 && Of(Standing.Due) is [_, ..] due) return due[(int)(draw.Turn % due.Count)];
        if (Of(Standing.Open) is [_, ..] open) return Among(view, open, strategy, draw);
        if (Of(Standing.Due) is [var next, ..]) return next;
        if (Of(Standing.Left) is [_, ..] left) return Among(view, left, strategy, draw);

        // It is asked once whether it still refuses, not all of them with every call.
        return tried.Count == 0 ? Of(Standing.Quiet).MinBy(i => view[i].LeftUntil) : null;

        List<int> Of(Standing standing) => [.. Enumerable.Range(0, view.Count).Where(i => !tried.Contains(i) && view.StandingOf(i) == standing)];
    }

    private static int Among(PoolView view, List<int> candidates, BalancingStrategy strategy, Draw draw) => candidates.Count == 1 ? candidates[0] : strategy switch
    {
        BalancingStrategy.RoundRobin => InTurn(view, candidates, draw),
        BalancingStrategy.LeastInFlight => LeastInFlight(view, candidates, draw),
        BalancingStrategy.ResponseTime => ByResponseTime(view, candidates, draw),
        _ => CheaperOfTwo(view, candidates, draw),
    };

    private static int CheaperOfTwo(PoolView view, List<int> candidates, Draw draw)
    {
        var first = (int)(draw.First * candidates.Count);
        var second = (int)(draw.Second * (candidates.Count - 1));
        if (second >= first) second++;
        return view.Cost(candidates[second]) < view.Cost(candidates[first]) ? candidates[second] : candidates[first];
    }

    private static int InTurn(PoolView view, List<int> candidates, Draw draw)
    {
        var turn = (int)(draw.Turn % candidates.Count);

        // One that comes back lets some of its turns pass.
        var taken = Enumerable.Range(0, candidates.Count).Select(i => candidates[(turn + i) % candidates.Count]).Where(i => draw.First < view.WeightOf(i)).Take(1).ToList();
        return taken is [var one] ? one : candidates[turn];
    }

    private static int LeastInFlight(PoolView view, List<int> candidates, Draw draw)
    {
        var turn = (int)(draw.Turn % candidates.Count);
        return Enumerable.Range(0, candidates.Count).Select(i => candidates[(turn + i) % candidates.Count]).MinBy(i => (view[i].InFlight + 1) / view.WeightOf(i));
    }

    private static int ByResponseTime(PoolView view, List<int> candidates, Draw draw)
    {
        double[] shares = [.. candidates.Select(i => view.WeightOf(i) / view.ResponseTime(i))];
        var point = draw.First * shares.Sum();
        for (var i = 0; i < shares.Length - 1; i++)
        {
            if (point < shares[i]) return candidates[i];
            point -= shares[i];
        }

        return candidates[^1];
    }
}
