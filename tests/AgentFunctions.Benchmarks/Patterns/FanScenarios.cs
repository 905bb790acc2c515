using System.Globalization;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>Patterns whose parts run side by side. Times in the code are real; the pace shortens them.</summary>
internal static class FanScenarios
{
    private const string Question = "Which of the two suppliers should deliver the pumps, and why? Weigh price, delivery time and what went wrong before.";

    public static IReadOnlyList<Scenario> All =>
    [
        new("ToolFanOut", "ToolFanOut", ToolFanOut),
        new("MapReduce", "MapReduce", MapReduce),
        new("SpeculativeRace", "SpeculativeRace", Race) { Expected = ("winner", "full") },
        new("Ensemble", "Ensemble", Ensemble) { Expected = ("decidedBy", "Judge") },
        new("SearchFusion", "SearchFusion", pace => Search(pace, Question, split: true)) { Expected = ("reranked", "true") },
    ];

    /// <summary>Three sources, a model that orders the best hits, and where asked for one that splits the query first.</summary>
    public static object Search(Pace pace, string query, bool split = false) => new
    {
        query,
        sources = new[] { ("web", 2200.0), ("news", 1800), ("archive", 1400) }.Select(source => new
        {
            key = source.Item1,
            kind = "Tool",
            tool = new { tool = "work", arguments = pace.Work(source.Item2, Hits(source.Item1)), result = new { items = "found" } },
        }),
        topK = 4,
        decompose = split ? new { model = SimulatedModels.Splitter } : null,
        rerank = new { model = SimulatedModels.Ranker, candidates = 4 },
    };

    /// <summary>Documents of a few hundred words each.</summary>
    public static IEnumerable<object> Documents(int count) => Enumerable.Range(0, count).Select(i => new { id = Text($"filing {i}"), text = string.Concat(Enumerable.Range(0, 24).Select(j => Sentence(i, j))) });

    private static object ToolFanOut(Pace pace) => new
    {
        calls = new[] { 50, 200, 300, 450, 600, 800, 1000, 1200, 1500, 1800, 2400, 3000 }.Select(milliseconds => new { key = Text($"{milliseconds} ms"), tool = "work", arguments = pace.Work(milliseconds, "done") }),
    };

    private static object MapReduce(Pace pace) => new { task = "What do these filings say of demand and price?", documents = Documents(4), chunkTokens = 120, groupSize = 5 };

    private static object Race(Pace pace) => new
    {
        prompt = "Summarise this. " + string.Concat(Enumerable.Range(0, 8).Select(j => Sentence(1, j))),
        paths = new object[] { new { key = "small", model = SimulatedModels.Hasty }, new { key = "full", model = "capable", startAfter = pace.Time(200) } },
        accept = new { minLength = 30 },
    };

    private static object Ensemble(Pace pace) => new
    {
        prompt = Question,
        members = new[] { ("plain", "fast", 60), ("careful", "balanced", 120), ("senior", "capable", 130) }.Select(member => new { key = member.Item1, model = member.Item2, instructions = Pace.Says(member.Item3, $"The {member.Item1} answer. ") }),
        method = "Judge",
        judge = new { model = SimulatedModels.Judge },
    };

    private static object Hits(string source) => new { found = Enumerable.Range(0, 4).Select(i => new { id = Text($"{source}-{i}"), title = Text($"Pumps, part {i}"), snippet = Sentence(source.Length, i) }) };

    private static string Sentence(int document, int place) => Text($"In year {2000 + place} plant {document} sold {100 + (place * 7)} pumps at {40 + document} euros each, and demand from the harbours was {(place % 2 == 0 ? "higher" : "lower")} than expected. ");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
