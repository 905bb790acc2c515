using AgentFunctions.Core.Policies.RankFusion;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Fuses what the sources found. Pure.</summary>
internal static class FusedHits
{
    /// <summary>The best hits, best first.</summary>
    public static IReadOnlyList<FusedHit> Of(SearchFusionInput input, int queries, SearchRound round, int top)
    {
        var found = new List<(int Source, int Query, SearchReply Reply)>();
        for (var source = 0; source < input.Sources.Count; source++)
        {
            for (var query = 0; query < queries; query++)
            {
                if (round.Reply(source, query) is { } reply) found.Add((source, query, reply));
            }
        }

        var lists = found.Select(list => new RankedList(input.Sources[list.Source].Weight, [.. list.Reply.Hits.Select(hit => hit.Id)])).ToList();
        var byId = found.Select(list => list.Reply.Hits.DistinctBy(hit => hit.Id, StringComparer.Ordinal).ToDictionary(hit => hit.Id, StringComparer.Ordinal)).ToList();
        return [.. ReciprocalRankFusion.Fuse(lists, input.K).Take(top).Select(Show)];

        FusedHit Show(FusedRank fused)
        {
            var places = fused.Ranks.Select((rank, list) => (Rank: rank, List: list)).Where(place => place.Rank is not null).ToList();
            var bestFirst = places.OrderBy(place => place.Rank).Select(place => byId[place.List][fused.Id]).ToList();
            return new()
            {
                Id = fused.Id,
                Title = bestFirst.FirstOrDefault(hit => hit.Title is not null)?.Title,
                Snippet = bestFirst.FirstOrDefault(hit => hit.Snippet is not null)?.Snippet,
                Score = fused.Score,
                Ranks = [.. places.Select(place => new SourceRank
                {
                    Source = SearchRound.KeyOf(input, found[place.List].Source),
                    Rank = place.Rank!.Value,
                    Query = queries == 1 ? null : found[place.List].Query,
                })],
            };
        }
    }
}
