using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

/// <summary>
/// A world with one tool, whose answer is in its arguments: <c>value</c>, after <c>ms</c>; <c>fail</c> fails so many attempts, <c>never</c>
/// never ends, <c>refuse</c> fails for good. A model that answers <c>[its prompt]</c>.
/// </summary>
internal static class GraphFixture
{
    public static ScriptedWorld World()
    {
        var world = new ScriptedWorld();
        world.Activity(ActivityReferences.CallTool, Tool);
        world.Activity(ActivityReferences.CallModel, call => After(5, new ModelReply
        {
            Text = new Content { Text = $"[{string.Join('|', call.Input.Parts.Select(part => part.Content!.Text ?? part.Content.Ref!.Sha256[..4]))}]" },
            Model = "m",
            Cost = new Cost(1, 1, 0.5m),
            Notice = "scripted",
        }));
        return world;
    }

    public static JsonElement Node(this JsonElement result, string key) => result.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("key").GetString() == key);

    public static string? Text(this JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static Scripted<ToolReply> Tool(ScriptedCall<ToolCall> call)
    {
        var arguments = call.Input.Arguments is { } given ? given : JsonElement.Parse("{}");
        var ms = arguments.TryGetProperty("ms", out var time) ? time.GetInt32() : 10;
        return arguments.TryGetProperty("never", out _) ? Never<ToolReply>()
            : arguments.TryGetProperty("refuse", out _) ? Fails<ToolReply>(ms, new PermanentFailureException("refused"))
            : arguments.TryGetProperty("fail", out var times) && call.Attempt <= times.GetInt32() ? Fails<ToolReply>(ms, new IOException("busy"))
            : After(ms, new ToolReply { Value = arguments.TryGetProperty("value", out var value) ? value : null, Cost = new Cost(0, 0, 1) });
    }

    /// <summary>Runs a graph, which must be valid.</summary>
    public static ScriptedRun<JsonElement> RunGraph(this ScriptedWorld world, string input)
    {
        Assert.Empty(world.Catalog.Orchestrator("TaskGraph").Validate(JsonElement.Parse(input), world.Json).ByPath);
        return world.RunJson("TaskGraph", input);
    }

    /// <summary>How its nodes ended.</summary>
    public static string Statuses(JsonElement result) => string.Join(", ", result.GetProperty("nodes").EnumerateArray().Select(node => $"{node.Text("key")} {node.Text("status")}"));
}
