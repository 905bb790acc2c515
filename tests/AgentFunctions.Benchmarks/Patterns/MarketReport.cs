namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>
/// A market report, two minutes of calls: a plan, four searches of three sources each with a digest of each, prices of eight suppliers, a map-reduce over the filings, three drafts of
/// the thesis with a judge, six sections, a check of each, and the final text. One task graph whose nodes are other orchestrators where there is one for the task.
/// </summary>
internal static class MarketReport
{
    private static readonly string[] topics = ["demand", "rivals", "customers", "rules"];
    private static readonly string[] sections = ["summary", "market", "competition", "pricing", "risks", "outlook"];

    public static Scenario Scenario { get; } = new("market report", "TaskGraph", Input);

    private static object Input(Pace pace) => new
    {
        nodes = Nodes(pace).ToList(),
        edges = Edges().Select(edge => new { from = edge.From, to = edge.To }),
        maxParallel = 50,
    };

    private static IEnumerable<object> Nodes(Pace pace)
    {
        yield return Model("plan", "balanced", 140, "Plan a report on the market for harbour pumps.");
        yield return Sub("filings", "MapReduce", new { task = "What do these filings say of demand and price?", documents = FanScenarios.Documents(2), chunkTokens = 120, groupSize = 6 });
        yield return Sub("prices", "ToolFanOut", new { calls = Enumerable.Range(0, 8).Select(i => new { tool = "work", arguments = pace.Work(1000 + (150 * i), new { supplier = i, price = 40 + i }) }) });
        foreach (var topic in topics)
        {
            yield return Sub($"search-{topic}", "SearchFusion", FanScenarios.Search(pace, $"Harbour pumps: {topic}"));
            yield return Model($"digest-{topic}", "balanced", 240, $"Say what matters of {topic}: {{{{search-{topic}}}}}");
        }

        yield return Sub("thesis", "Ensemble", new
        {
            prompt = "What is the report's thesis? {{digest-demand}} {{digest-rivals}} {{digest-customers}} {{digest-rules}} {{filings.result}}",
            members = new[] { "bold", "careful", "plain" }.Select(key => new { key, model = "capable", instructions = Pace.Says(130, $"The {key} thesis. ") }),
            method = "Judge",
            judge = new { model = SimulatedModels.Judge },
        });
        foreach (var section in sections)
        {
            yield return Model($"write-{section}", "capable", 300, $"Write the section {section} for this thesis: {{{{thesis.answer}}}}");
            yield return Model($"check-{section}", "balanced", 140, $"Check the facts: {{{{write-{section}}}}}");
        }

        yield return Model("final", "capable", 400, "Put the report together: " + string.Concat(sections.Select(section => $"{{{{write-{section}}}}} {{{{check-{section}}}}} ")));
    }

    private static IEnumerable<(string From, string To)> Edges()
    {
        yield return ("filings", "thesis");
        foreach (var topic in topics)
        {
            yield return ("plan", $"search-{topic}");
            yield return ($"search-{topic}", $"digest-{topic}");
            yield return ($"digest-{topic}", "thesis");
        }

        foreach (var section in sections)
        {
            yield return ("thesis", $"write-{section}");
            yield return ("prices", $"write-{section}");
            yield return ($"write-{section}", $"check-{section}");
            yield return ($"check-{section}", "final");
        }
    }

    private static object Model(string key, string model, int tokens, string prompt) => new { key, model = new { name = model, instructions = Pace.Says(tokens), prompt } };

    private static object Sub(string key, string name, object input) => new { key, subOrchestrator = new { name, input } };
}
