using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.RankFusion;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Benchmarks.Search;

/// <summary>
/// Each single source and their fusion over the Cranfield questions. Only the weights of the fusion are tuned, on every other question (the
/// first, the third, …), and never for a question of its own; the rest of the questions are held out.
/// </summary>
internal sealed class SearchQuality(Cranfield data, SearchSources sources)
{
    private const int Depth = 100;
    private static readonly string[] names = ["words", "spelling", "titles"];
    private static readonly double[] weights = [0.1, 0.2, 0.3, 0.5, 0.7, 1];

    /// <summary>Prints the table and gives the weights that were chosen.</summary>
    public async Task<double[]> RunAsync()
    {
        var single = new Dictionary<string, IReadOnlyList<string>[]>(StringComparer.Ordinal);
        foreach (var name in names) single.Add(name, await SearchAsync(name));
        var (best, chosen) = (double.MinValue, new double[] { 1, 1, 1 });
        foreach (var spelling in weights)
        {
            foreach (var titles in weights)
            {
                double[] tried = [1, spelling, titles];
                var quality = Quality.Of(Half(Fused(single, tried), 0)).Ndcg;
                if (quality > best) (best, chosen) = (quality, tried);
            }
        }

        Console.WriteLine($"{"",-34}{"nDCG@10",24}{"MRR",24}{"recall@100",24}");
        Console.WriteLine($"{"",-34}{"tuned   held out   all",24}{"tuned   held out   all",24}{"tuned   held out   all",24}");
        foreach (var name in names) Print(name, single[name]);
        Print("fusion, all weights 1", Fused(single, [1, 1, 1]));
        Print(string.Create(CultureInfo.InvariantCulture, $"fusion, weights {chosen[0]} / {chosen[1]} / {chosen[2]}"), Fused(single, chosen));
        return chosen;
    }

    private async Task<IReadOnlyList<string>[]> SearchAsync(string name)
    {
        var source = sources.Get(name);
        var orders = new List<IReadOnlyList<string>>();
        foreach (var query in data.Queries)
        {
            var answer = await source.SearchAsync(new SearchQuery(query.Text, Depth, new ActivityContext("benchmark", "SearchSource", orders.Count)), CancellationToken.None);
            orders.Add([.. answer.Hits.Select(hit => hit.Id)]);
        }

        return [.. orders];
    }

    private IReadOnlyList<string>[] Fused(Dictionary<string, IReadOnlyList<string>[]> single, double[] weights) =>
        [.. data.Queries.Select((_, query) => (IReadOnlyList<string>)[.. ReciprocalRankFusion.Fuse([.. names.Select((name, i) => new RankedList(weights[i], single[name][query]))]).Select(found => found.Id)])];

    private IEnumerable<(IReadOnlyList<string>, JudgedQuery)> Half(IReadOnlyList<string>[] orders, int half) => orders.Zip(data.Queries).Where((_, i) => i % 2 == half);

    private void Print(string name, IReadOnlyList<string>[] orders)
    {
        Quality[] parts = [Quality.Of(Half(orders, 0)), Quality.Of(Half(orders, 1)), Quality.Of(orders.Zip(data.Queries))];
        Console.WriteLine($"{name,-34}{Row(q => q.Ndcg),24}{Row(q => q.Mrr),24}{Row(q => q.Recall),24}");

        string Row(Func<Quality, double> figure) => string.Join("   ", parts.Select(part => figure(part).ToString("0.0000", CultureInfo.InvariantCulture)));
    }
}
