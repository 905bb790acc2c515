namespace AgentFunctions.Core.Policies.RankFusion;

/// <summary>
/// Weighted Reciprocal Rank Fusion (Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
/// Methods", SIGIR 2009): score = sum over the lists of weight / (k + rank). Only ranks count, so sources need not score alike. Pure.
/// </summary>
public static class ReciprocalRankFusion
{
    /// <summary>The k of the paper: 60.</summary>
    public const int DefaultK = 60;

    /// <summary>One order out of several.</summary>
    /// <remarks>
    /// Equal scores are ordered by the best rank, then by the ID (ordinal), so equal lists give equal orders, in whatever order the lists come:
    /// also the sums are taken in the order of their size, because adding floating-point numbers in another order may give another sum.
    /// </remarks>
    /// <param name="lists">What each source found. None gives none.</param>
    /// <param name="k">How little the first places count above the later ones, 1 to 1,000.</param>
    /// <returns>All that any list has, best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> or a weight is out of its range.</exception>
    public static IReadOnlyList<FusedRank> Fuse(IReadOnlyList<RankedList> lists, int k = DefaultK)
    {
        ArgumentNullException.ThrowIfNull(lists);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, 1000);
        var ranks = new Dictionary<string, int?[]>(StringComparer.Ordinal);
        for (var list = 0; list < lists.Count; list++) Read(lists, list, ranks);
        return [.. ranks
            .Select(found => new FusedRank(found.Key, Score(found.Value, lists, k), found.Value.Min()!.Value, found.Value))
            .OrderByDescending(found => found.Score)
            .ThenBy(found => found.BestRank)
            .ThenBy(found => found.Id, StringComparer.Ordinal)];
    }

    private static void Read(IReadOnlyList<RankedList> lists, int place, Dictionary<string, int?[]> ranks)
    {
        var list = lists[place];
        if (!double.IsFinite(list.Weight) || list.Weight < 0) throw new ArgumentOutOfRangeException(nameof(lists), list.Weight, $"The weight of list {place} is {list.Weight}. It must be a finite number of at least 0.");
        var rank = 0;
        foreach (var id in list.Ids)
        {
            if (!ranks.TryGetValue(id, out var found)) ranks.Add(id, found = new int?[lists.Count]);
            found[place] ??= ++rank;
        }
    }

    private static double Score(int?[] ranks, IReadOnlyList<RankedList> lists, int k)
    {
        var shares = new List<double>(ranks.Length);
        for (var list = 0; list < ranks.Length; list++)
        {
            if (ranks[list] is { } rank) shares.Add(lists[list].Weight / (k + rank));
        }

        shares.Sort();
        double sum = 0;
        foreach (var share in shares) sum += share;
        return sum;
    }
}
