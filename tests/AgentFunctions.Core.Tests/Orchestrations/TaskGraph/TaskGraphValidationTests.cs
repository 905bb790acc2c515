using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

public sealed class TaskGraphValidationTests
{
    private const string A = """{"key":"a","tool":{"name":"t"}}""";
    private const string B = """{"key":"b","tool":{"name":"t"}}""";
    private const string C = """{"key":"c","tool":{"name":"t"}}""";

    private readonly ScriptedWorld world = new();

    [Theory]
    [InlineData("""{"nodes":[]}""", "nodes", "There are 0 nodes")]
    [InlineData("""{"nodes":[null]}""", "nodes[0]", "The node is null.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{A}}}}}}]}""", "nodes[1].key", "The key 'a' is also that of nodes[0].key.")]
    [InlineData("""{"nodes":[{"key":"a b","tool":{"name":"t"}}]}""", "nodes[0].key", "The key 'a b' has other characters")]
    [InlineData("""{"nodes":[{"key":"a.b","tool":{"name":"t"}}]}""", "nodes[0].key", "The key 'a.b' has other characters")]
    [InlineData("""{"nodes":[{"key":"a"}]}""", "nodes[0]", "The node 'a' has 0 of 'tool'")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t"},"model":{"prompt":"p"}}]}""", "nodes[0]", "The node 'a' has 2 of 'tool'")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"edges":[{"from":"x","to":"a"}]}""", "edges[0].from", "There is no node 'x'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"edges":[{"from":"a","to":"y"}]}""", "edges[0].to", "There is no node 'y'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b"},{"from":"a","to":"b"}]}""", "edges[1]", "There is already an edge from 'a' to 'b'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"edges":[{"from":"a","to":"a"}]}""", "edges", "The graph has a cycle: a → a.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{C}}}}}},{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"a"},{"from":"b","to":"c"}]}""", "edges", "The graph has a cycle: a → b → a.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{C}}}}}},{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"a"},{"from":"b","to":"c"}]}""", "nodes[0]", "'c' can't be reached: the way to it goes through a cycle.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"start":["a"]}""", "nodes[1]", "'b' can't be reached from 'start' (a).")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}},{{{{{{C}}}}}}],"start":["a"],"edges":[{"from":"a","to":"c"},{"from":"b","to":"c"}]}""", "nodes[1]", "'b' can't be reached from 'start' (a).")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"start":["a","b"],"edges":[{"from":"a","to":"b"}]}""", "start[1]", "'b' has edges into it")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"start":["z"]}""", "start[0]", "There is no node 'z'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"merge":{"x":"sum"}}""", "merge.x", "No node writes 'x'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{"key":"b","output":"a","tool":{"name":"t"}}]}""", "merge", "'a' and 'b' all write 'a'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"merge":{"a":"sum"},"state":{"a":"x"}}""", "state.a", "The initial value of the sum 'a' is no number.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"state":[1]}""", "state", "The state is a JSON Array.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}}],"maxParallel":0}""", "maxParallel", "maxParallel is 0.")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t","arguments":{"v":{"$value":"b"}}}}]}""", "nodes[0]", "'b' is asked for, but neither the initial state nor a node before writes 'b'.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{"key":"m","model":{"prompt":"{{a.x}}"}}]}""", "nodes[1]", "'a.x' is asked for, but neither")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b","when":{"path":"b","op":"eq","value":1}}]}""", "edges[0].when", "'b' is asked for")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b","when":{"path":"a"}}]}""", "edges[0].when.op", "There is no operator.")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b","when":{"and":[{"path":"a","op":"lt","value":null}]}}]}""", "edges[0].when.and[0].value", "'lt' compares numbers and texts")]
    [InlineData($$$$$$"""{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b","when":{"path":"a","op":"eq","not":{"path":"a","op":"exists"}}}]}""", "edges[0].when", "A condition is a comparison")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t","arguments":{"v":{"$value":"x y"}}}}]}""", "nodes[0].tool.arguments", "{\"$value\":\"x y\"} is no placeholder.")]
    [InlineData("""{"nodes":[{"key":"a","model":{"prompt":" "}}]}""", "nodes[0].model.prompt", "The prompt has 1 characters, or only white space.")]
    [InlineData("""{"nodes":[{"key":"a","model":{"prompt":"p","temperature":3}}]}""", "nodes[0].model.temperature", "temperature is 3.")]
    [InlineData("""{"nodes":[{"key":"a","model":{"prompt":"p","accept":{"labels":[]}}}]}""", "nodes[0].model.accept", "accept.labels has 0 entries. Set 1 to 1000.")]
    [InlineData("""{"nodes":[{"key":"a","subOrchestrator":{"name":"Nope","input":{}}}]}""", "nodes[0].subOrchestrator.name", "There is no orchestrator 'Nope'. There are: AgentLoop,")]
    [InlineData("""{"nodes":[{"key":"a","subOrchestrator":{"name":"FanOutSlice","input":{}}}]}""", "nodes[0].subOrchestrator.name", "There is no orchestrator 'FanOutSlice'.")]
    [InlineData("""{"nodes":[{"key":"a","subOrchestrator":{"name":"ToolFanOut","input":{"calls":[]}}}]}""", "nodes[0].subOrchestrator.input.calls", "There are 0 calls.")]
    [InlineData("""{"nodes":[{"key":"a","subOrchestrator":{"name":"ToolFanOut","input":{"calls":5}}}]}""", "nodes[0].subOrchestrator.input.calls", "The input does not fit ToolFanOut:")]
    [InlineData("""{"nodes":[{"key":"a","approval":{"title":""}}]}""", "nodes[0].approval.title", "The title has 0 characters.")]
    [InlineData("""{"nodes":[{"key":"a","approval":{"title":"t","eventName":"B"}},{"key":"b","approval":{"title":"t"}}]}""", "nodes[1].approval.eventName", "The event 'b' is also that of 'a'")]
    [InlineData("""{"nodes":[{"key":"a","approval":{"title":"t"},"timeout":"00:01:00"}]}""", "nodes[0].timeout", "Approvals end by their 'expiry'")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t"},"timeout":"8.00:00:00"}]}""", "nodes[0].timeout", "The timeout is 8.00:00:00.")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t"},"maxAttempts":11}]}""", "nodes[0].maxAttempts", "maxAttempts is 11.")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"t"},"critical":true,"continueOnError":true}]}""", "nodes[0].critical", "A node can't both go on")]
    [InlineData($$$$$$"""{"nodes":[{"key":"r","repeat":{"body":{"nodes":[{{{{{{A}}}}}}]},"until":{"path":"x","op":"eq","value":1},"maxIterations":101}}]}""", "nodes[0].repeat.maxIterations", "maxIterations is 101.")]
    [InlineData($$$$$$"""{"nodes":[{"key":"r","repeat":{"body":{"nodes":[{{{{{{A}}}}}}]},"until":{"path":"x","op":"eq","value":1}}}]}""", "nodes[0].repeat.until", "'x' is asked for, but neither the state nor a node of the body writes 'x'.")]
    [InlineData($$$$$$"""{"nodes":[{"key":"r","repeat":{"body":{"nodes":[{{{{{{A}}}}}},{{{{{{B}}}}}}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"a"}]},"until":{"path":"a","op":"exists"}}}]}""", "nodes[0].repeat.body.edges", "The graph has a cycle: a → b → a.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message) => Assert.StartsWith(message, Assert.Contains(path, Validate(input))[0], StringComparison.Ordinal);

    [Fact]
    public void Validate_TooManyNodesWithinBodies_AreCounted()
    {
        var body = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$$$$$"""{"key":"n{{{{{{i}}}}}}","tool":{"name":"t"}}"""));
        Assert.StartsWith("There are 1,001 nodes", Validate($$$$$$"""{"nodes":[{"key":"r","repeat":{"body":{"nodes":[{{{{{{body}}}}}}]},"until":{"path":"n0","op":"exists"} } }]}""")["nodes"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_RepeatsTooDeep_AreRefused()
    {
        var graph = $$$$$$"""{"nodes":[{{{{{{A}}}}}}]}""";
        for (var i = 0; i < 6; i++) graph = """{"nodes":[{"key":"r","repeat":{"body":BODY,"until":{"path":"iteration","op":"ge","value":1}}}]}""".Replace("BODY", graph, StringComparison.Ordinal);
        Assert.Contains(Validate(graph).Values, messages => messages[0].StartsWith("Repeats are nested more than 5 deep.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PrepareAsync_LargeValues_MoveToTheStore()
    {
        var (store, json) = (new MemoryContentStore(), world.Json);
        var registration = world.Catalog.Orchestrator("TaskGraph");
        var input = JsonElement.Parse($$$$$$"""
            {"nodes":[{"key":"m","subOrchestrator":{"name":"MapReduce","input":{"task":"t","documents":[{"id":"d","text":"{{{{{{new string('x', 100_000)}}}}}}"}]}}},{"key":"a","tool":{"name":"t"}}],
             "state":{"short":"s","text":"{{{{{{new string('y', 5_000)}}}}}}","list":[{{{{{{string.Join(',', Enumerable.Range(100_000, 10_000))}}}}}}]}}
            """);
        Assert.Empty(registration.Validate(input, json).ByPath);
        var prepared = await registration.PrepareAsync(input, store, json, CancellationToken.None);
        Assert.True(prepared.GetRawText().Length < 2_000, prepared.GetRawText());
        Assert.Equal("s", prepared.GetProperty("state").GetProperty("short").GetString());
        Assert.True(prepared.GetProperty("state").GetProperty("text").GetProperty("text").GetBoolean());
        Assert.Empty(registration.Validate(prepared, json).ByPath);
        Assert.Equal(prepared.GetRawText(), (await registration.PrepareAsync(prepared, store, json, CancellationToken.None)).GetRawText());
    }

    [Fact]
    public async Task PrepareAsync_LargeValuesInALiteralInput_MoveToTheStoreAndItStaysLiteral()
    {
        var (store, json) = (new MemoryContentStore(), world.Json);
        var registration = world.Catalog.Orchestrator("TaskGraph");
        var input = JsonElement.Parse($$$$$$"""
            {"nodes":[{"key":"p","subOrchestrator":{"name":"Pipeline","input":{"$literal":{"items":[{"value":"{{{{{{new string('x', 3_000)}}}}}}"}],
                "stages":[{"key":"m","model":"fast","prompt":"Read {{item}}"},{"key":"t","tool":"t","arguments":{"v":{"$value":"item"}}}]}}}}]}
            """);
        Assert.Empty(registration.Validate(input, json).ByPath);
        var prepared = await registration.PrepareAsync(input, store, json, CancellationToken.None);
        var inner = prepared.GetProperty("nodes")[0].GetProperty("subOrchestrator").GetProperty("input").GetProperty("$literal");
        Assert.Equal(3_000, inner.GetProperty("items")[0].GetProperty("ref").GetProperty("length").GetInt32());
        Assert.Equal("Read {{item}}", inner.GetProperty("stages")[0].GetProperty("prompt").GetString());
        Assert.Empty(registration.Validate(prepared, json).ByPath);
        Assert.Equal(prepared.GetRawText(), (await registration.PrepareAsync(prepared, store, json, CancellationToken.None)).GetRawText());
    }

    [Fact]
    public void Validate_LiteralInput_IsCheckedAsThatOfItsOrchestrator()
    {
        var errors = Validate("""{"nodes":[{"key":"p","subOrchestrator":{"name":"Pipeline","input":{"$literal":{"items":[{"value":1}],"stages":[{"key":"m","model":"fast","prompt":"{{other}}"}]}}}}]}""");
        Assert.Contains("'other' is asked for, but a stage knows only its item.", errors["nodes[0].subOrchestrator.input.stages[0].prompt"].Single(), StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, string[]> Validate(string input) => world.Catalog.Orchestrator("TaskGraph").Validate(JsonElement.Parse(input), world.Json).ByPath;
}
