using System.Runtime.InteropServices;

namespace AgentFunctions.Benchmarks.Search;

/// <summary>How good orders are, each averaged over the queries.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Quality(double Ndcg, double Mrr, double Recall)
{
    /// <summary>The quality of one order for each query.</summary>
    public static Quality Of(IEnumerable<(IReadOnlyList<string> Order, JudgedQuery Query)> orders)
    {
        var each = orders.Select(order => Of(order.Order, order.Query.Relevant)).ToList();
        return new(each.Average(q => q.Ndcg), each.Average(q => q.Mrr), each.Average(q => q.Recall));
    }

    private static Quality Of(IReadOnlyList<string> order, HashSet<string> relevant)
    {
        var first = order.ToList().FindIndex(relevant.Contains);
        return new(Ndcg10(order, relevant), first < 0 ? 0 : 1.0 / (first + 1), order.Take(100).Count(relevant.Contains) / (double)relevant.Count);
    }

    // Judgements are yes or no, so a relevant document gains 1 (Jaervelin and Kekaelaeinen 2002, with the logarithm of rank + 1).
    private static double Ndcg10(IReadOnlyList<string> order, HashSet<string> relevant)
    {
        var gained = order.Take(10).Select((id, i) => relevant.Contains(id) ? Gain(i) : 0).Sum();
        return gained / Enumerable.Range(0, Math.Min(10, relevant.Count)).Sum(Gain);
    }

    private static double Gain(int place) => 1 / Math.Log2(place + 2);
}
