using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

/// <summary>What a scripted model is asked.</summary>
/// <param name="Call">The call.</param>
/// <param name="Messages">The whole conversation, what is appended included.</param>
/// <param name="Attempt">The how-manieth time it is asked just this.</param>
internal sealed record Asked(ChatCall Call, IReadOnlyList<ConversationMessage> Messages, int Attempt)
{
    public int Turn => Call.Turn;
}

/// <summary>A world with a scripted model that keeps real conversations, and three tools: <c>read</c>, <c>write</c> (idempotent) and <c>send</c> (unsafe).</summary>
internal sealed class AgentFixture
{
    private readonly MemoryContentStore store = new();
    private readonly ConversationStore conversations;
    private int calls;

    public AgentFixture()
    {
        conversations = new ConversationStore(store);
        World.Activity(ActivityReferences.DescribeTools, call => After(1, new ToolList(
            [.. call.Input.Names.Where(Effects.ContainsKey).Select(name => new ToolDescription(name, Effects[name], TimeSpan.FromMinutes(1)))],
            [.. call.Input.Names.Where(name => !Effects.ContainsKey(name))])));
        World.Activity(ActivityReferences.StreamModel, call =>
        {
            var asked = new Asked(call.Input, [.. Conversation(call.Input.Head), .. call.Input.Append], call.Attempt);
            AskedFor.Add(asked);
            return Model(asked);
        });
        World.Activity(ActivityReferences.StoreMessages, call => After(1, Wait(() => conversations.AppendAsync(call.Input, CancellationToken.None))));
        World.Activity(ActivityReferences.CallTool, call =>
        {
            ToolCalls.Add($"{call.Input.Tool} {call.Input.Arguments?.GetRawText()}");
            return Tool(call);
        });
    }

    public static AgentLoopInput Input { get; } = new() { Task = new Content { Text = "Find it." }, Tools = ["read", "write", "send"] };

    public ScriptedWorld World { get; } = new();

    public Dictionary<string, ToolEffect> Effects { get; } = new(StringComparer.Ordinal) { ["read"] = ToolEffect.ReadOnly, ["write"] = ToolEffect.Idempotent, ["send"] = ToolEffect.Unsafe };

    /// <summary>What the model does. Default: answers at once.</summary>
    public Func<Asked, Scripted<ChatReply>> Model { get; set; } = null!;

    /// <summary>What the tools do. Default: give their arguments back after 100 ms.</summary>
    public Func<ScriptedCall<ToolCall>, Scripted<ToolReply>> Tool { get; set; } = call => After(100, new ToolReply { Value = call.Input.Arguments });

    public List<Asked> AskedFor { get; } = [];

    public List<string> ToolCalls { get; } = [];

    public ScriptedRun<AgentLoopResult> Start(AgentLoopInput? input = null) => World.Run(Core.Orchestrations.OrchestratorReferences.AgentLoop, input ?? Input);

    public AgentLoopResult Run(AgentLoopInput? input = null) => Start(input).Ended();

    /// <summary>Runs, and tells how long it took.</summary>
    public (AgentLoopResult Result, double Milliseconds) Timed(AgentLoopInput? input = null)
    {
        var before = World.Now;
        var result = Run(input);
        return (result, (World.Now - before).TotalMilliseconds);
    }

    public IReadOnlyList<ConversationMessage> Conversation(ContentRef? head) => Wait(() => conversations.ReadAsync(head, CancellationToken.None));

    /// <summary>The conversation as it is stored, byte for byte.</summary>
    public string Stored(ContentRef? head) => JsonSerializer.Serialize(Conversation(head), JsonSerializerOptions.Web);

    /// <summary>The model says something.</summary>
    public Scripted<ChatReply> Say(Asked asked, string text, int milliseconds = 1000, string reason = "stop") => Reply(asked, text, [], milliseconds, reason);

    /// <summary>The model calls tools.</summary>
    public Scripted<ChatReply> Call(Asked asked, params (string Tool, string Arguments)[] wanted) => Reply(asked, "", [.. wanted.Select(call => Named(call.Tool, call.Arguments))]);

    public ModelToolCall Named(string tool, string arguments) => new($"c{++calls}", tool, JsonElement.Parse(arguments));

    public Scripted<ChatReply> Reply(Asked asked, string text, IReadOnlyList<ModelToolCall> wanted, int milliseconds = 1000, string? reason = null)
    {
        var said = new ConversationMessage { Role = ConversationRole.Assistant, Content = text.Length == 0 ? null : new Content { Text = text }, ToolCalls = wanted.Count == 0 ? null : wanted };
        var head = Wait(() => conversations.AppendAsync(new ConversationDelta(asked.Call.Head, [.. asked.Call.Append, said]), CancellationToken.None));
        return After(milliseconds, new ChatReply { Head = head, Text = new Content { Text = text }, ToolCalls = wanted, Model = "scripted-1", Cost = new Cost(100, 10, 0.01m), FinishReason = reason ?? (wanted.Count > 0 ? "tool_calls" : "stop"), Notice = "scripted" });
    }

    /// <summary>The answers to the calls of the turn before.</summary>
    public static IReadOnlyList<string> Answers(Asked asked) => [.. asked.Call.Append.Where(message => message.Role == ConversationRole.Tool).Select(message => (message.IsError ? "Error: " : "") + message.Content!.Text)];

    // The store's tasks must not continue on the scripted world, which waits here.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
