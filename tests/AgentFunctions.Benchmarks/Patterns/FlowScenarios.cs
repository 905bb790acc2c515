using System.Globalization;
using System.Text.Json;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>Patterns whose steps follow one another, at least in part. Times in the code are real; the pace shortens them.</summary>
internal static class FlowScenarios
{
    private const int Requests = 20;

    public static IReadOnlyList<Scenario> All =>
    [
        new("TaskGraph", "TaskGraph", Graph),
        new("Pipeline", "Pipeline", Pipeline),
        new("Approval, decided at once", "Approval", _ => new { title = "Order the pumps?" }) { Meanwhile = DecideAsync, Expected = ("decision", "approve") },
        new("Approval, decided after 2 s", "Approval", Notified)
        {
            Meanwhile = async (host, id) =>
            {
                await Task.Delay(host.Pace.Of(2000));
                await DecideAsync(host, id);
            },
            Sequential = host => [() => Task.Delay(host.Pace.Of(500)), () => Task.Delay(host.Pace.Of(2000))],
            Expected = ("decision", "approve"),
        },
        new("Saga", "Saga", Saga) { Expected = ("outcome", "Completed") },
        new("BatchJob, against single calls", "BatchJob", Batch) { Sequential = host => [.. Enumerable.Range(0, Requests).Select(i => (Func<Task>)(() => host.Models.Resolve("balanced").Client.GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, Request(i))])))] },
        new("AgentLoop", "AgentLoop", pace => Agent(pace, speculate: false)) { Expected = ("reason", "Answered") },
        new("AgentLoop, with learned guesses", "AgentLoop", pace => Agent(pace, speculate: true)) { WarmUps = 6, Expected = ("reason", "Answered") },
    ];

    private static object Graph(Pace pace) => new
    {
        nodes = new object[]
        {
            new { key = "plan", model = new { name = "balanced", instructions = Pace.Says(60), prompt = "Plan the comparison of the suppliers." } },
            Tool(pace, "prices", 1200),
            Tool(pace, "ratings", 2000),
            Tool(pace, "contracts", 2800),
            Tool(pace, "stock", 700),
            new { key = "offers", model = new { name = "fast", instructions = Pace.Says(100), prompt = "{{prices}} {{stock}}" } },
            new { key = "risks", model = new { name = "balanced", instructions = Pace.Says(90), prompt = "{{ratings}} {{contracts}}" } },
            new { key = "isClear", condition = new { path = "stock", op = "eq", value = "stock" } },
            new { key = "advice", model = new { name = "capable", instructions = Pace.Says(120), prompt = "{{offers}} {{risks}}" } },
        },
        edges = new[] { ("plan", "prices"), ("plan", "ratings"), ("plan", "contracts"), ("plan", "stock"), ("prices", "offers"), ("stock", "offers"), ("ratings", "risks"), ("contracts", "risks"), ("stock", "isClear"), ("isClear", "advice"), ("offers", "advice"), ("risks", "advice") }
            .Select(edge => new { from = edge.Item1, to = edge.Item2 }),
    };

    private static object Pipeline(Pace pace) => new
    {
        items = Enumerable.Range(0, 24).Select(i => new { value = new { text = Request(i) } }),
        stages = new object[]
        {
            new { key = "fetch", tool = "work", arguments = new { milliseconds = pace.Of(400), value = new Dictionary<string, string>(StringComparer.Ordinal) { ["$item"] = "/text" } }, maxParallel = 6 },
            new { key = "note", model = "fast", instructions = Pace.Says(60), prompt = "{{item}}", maxParallel = 6 },
            new { key = "file", tool = "work", arguments = new { milliseconds = pace.Of(300), value = new Dictionary<string, string>(StringComparer.Ordinal) { ["$item"] = "" } }, maxParallel = 6 },
        },
    };

    private static Task DecideAsync(PatternHost host, string id) => host.Client.RaiseEventAsync(id, "decision", JsonSerializer.SerializeToElement(new { decision = "approve", decidedBy = "ann" }));

    private static object Notified(Pace pace) => new { title = "Order the pumps?", notify = new { tool = "work", arguments = pace.Work(500, "sent") } };

    private static object Saga(Pace pace) => new
    {
        steps = new[] { ("reserve", 800), ("charge", 1500), ("ship", 600), ("book", 400), ("mail", 300) }.Select(step => new
        {
            key = step.Item1,
            tool = "act",
            arguments = pace.Work(step.Item2, new { done = step.Item1 }),
            compensation = new { tool = "act", arguments = pace.Work(500, "undone") },
        }),
    };

    private static object Batch(Pace pace) => new
    {
        model = "balanced",
        items = Enumerable.Range(0, Requests).Select(i => new { key = string.Create(CultureInfo.InvariantCulture, $"item-{i}"), text = Request(i) }),
        polling = new { firstInterval = pace.Time(5000) },
    };

    private static object Agent(Pace pace, bool speculate) => new
    {
        task = new { text = "Which supplier should deliver the pumps?" },
        agent = speculate ? "buyer that guesses" : "buyer",
        instructions = Pace.Script(
            new { text = Pace.Words(30), toolCalls = new[] { Call(pace, 1200, "prices"), Call(pace, 2000, "ratings"), Call(pace, 900, "stock") } },
            new { text = Pace.Words(20), toolCalls = new[] { Call(pace, 1500, "contracts"), Call(pace, 700, "complaints") } },
            new { text = Pace.Words(120) }),
        tools = new[] { "work" },
        speculate,
    };

    private static object Tool(Pace pace, string key, double milliseconds) => new { key, tool = new { name = "work", arguments = pace.Work(milliseconds, key) } };

    private static object Call(Pace pace, double milliseconds, string value) => new { tool = "work", arguments = pace.Work(milliseconds, value) };

    private static string Request(int number) => string.Create(CultureInfo.InvariantCulture, $"Answer the letter of customer {number}, whose pump arrived {number % 7} days late. The customer asks for a refund of {number} euros.");
}
