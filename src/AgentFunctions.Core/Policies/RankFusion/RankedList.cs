namespace AgentFunctions.Core.Policies.RankFusion;

/// <summary>What one source found, best first.</summary>
/// <param name="Weight">How much it counts against the other lists; a finite number of at least 0.</param>
/// <param name="Ids">What it found. One that comes again is dropped: the first place counts.</param>
public sealed record RankedList(double Weight, IReadOnlyList<string> Ids);

/// <summary>A place in a fused order.</summary>
/// <param name="Id">What was found.</param>
/// <param name="Score">The sum of its lists' shares.</param>
/// <param name="BestRank">Its best place in any list, from 1.</param>
/// <param name="Ranks">Its place in each list, from 1; null where a list does not have it.</param>
public sealed record FusedRank(string Id, double Score, int BestRank, IReadOnlyList<int?> Ranks);
