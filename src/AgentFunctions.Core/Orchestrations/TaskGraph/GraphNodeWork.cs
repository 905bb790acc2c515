using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>What the nodes do: one attempt at a node, from the state it sees to its output.</summary>
/// <param name="context">The run's context.</param>
/// <param name="catalog">The orchestrators there are.</param>
/// <param name="reader">Reads the state.</param>
/// <param name="cache">How the cache may be used, where a node does not say.</param>
/// <param name="waiting">Hears what approvals wait for.</param>
internal sealed class GraphNodeWork(OrchestrationContext context, Catalog catalog, StateReader reader, CacheSettings? cache, Action<TaskGraphNode, ApprovalStatus> waiting)
{
    private string? series;

    /// <summary>Unlike that of every other graph and of this run's earlier lives, so that a node's attempts have a key of their own.</summary>
    private string Series => series ??= context.NewGuid().ToString("n");

    /// <summary>Runs a node once.</summary>
    /// <param name="node">The node.</param>
    /// <param name="root">Gives the value of a key of the state it sees.</param>
    /// <param name="document">Gives the whole state it sees.</param>
    /// <param name="token">Fires when nobody waits any more.</param>
    public Task<NodeOutput> RunAsync(TaskGraphNode node, Func<string, JsonElement?> root, Func<JsonElement> document, CancellationToken token)
    {
        var options = new CallOptions { Label = node.Key, Cancellation = token };
        return node.Kind switch
        {
            GraphNodeKind.Tool => ToolAsync(node.Key, node.Tool!, node.Cache ?? cache, root, options),
            GraphNodeKind.Model => ModelAsync(node.Model!, node.Cache ?? cache, root, options),
            GraphNodeKind.SubOrchestrator => SubOrchestratorAsync(node.SubOrchestrator!, root, options),
            GraphNodeKind.Approval => ApprovalAsync(node, node.Approval!, root, token),
            GraphNodeKind.Condition => ConditionAsync(node.Condition!, root),
            GraphNodeKind.Repeat => RepeatAsync(node.Repeat!, document(), options),
            _ => throw new PermanentFailureException($"The node '{node.Key}' does nothing. Give it 'tool', 'model', 'subOrchestrator', 'approval', 'condition' or 'repeat'."),
        };
    }

    private async Task<NodeOutput> ToolAsync(string key, GraphTool tool, CacheSettings? settings, Func<string, JsonElement?> root, CallOptions options)
    {
        JsonElement? arguments = tool.Arguments is { } template ? await reader.RenderAsync(template, root) : null;
        var reply = await context.CallActivityAsync(ActivityReferences.CallTool, new ToolCall { Tool = tool.Name, Arguments = arguments, RetryKey = $"{Series}:{key}", Cache = settings }, options);
        return new(reply.Ref is { } address ? new StoredValue(address, IsText: false).ToElement() : reply.Value ?? JsonElement.Parse("null"), reply.Cost, Cache: reply.Cache);
    }

    private async Task<NodeOutput> ModelAsync(GraphModel model, CacheSettings? settings, Func<string, JsonElement?> root, CallOptions options)
    {
        var call = new ModelCall
        {
            Model = model.Name,
            Instructions = model.Instructions,
            Parts = await PartsAsync(model.Prompt, root),
            Purpose = model.Purpose,
            MaxOutputTokens = model.MaxOutputTokens,
            Temperature = model.Temperature,
            Accept = model.Accept,
            Cache = settings,
        };
        var reply = await context.CallActivityAsync(ActivityReferences.CallModel, call, options);
        var value = reply.Text.Ref is { } address ? new StoredValue(address, IsText: true).ToElement() : DurableJson.ToElement(reply.Text.Text ?? "", catalog.Json);
        return new(value, reply.Cost, reply.Notice, reply.Cache);
    }

    /// <summary>The prompt's texts; a value that is in the store stays there and is a part of its own.</summary>
    private async Task<IReadOnlyList<PromptPart>> PartsAsync(string prompt, Func<string, JsonElement?> root)
    {
        var values = await reader.FindAsync(root, TextTemplate.Uses(prompt).Select(use => use.Path), keepStored: true);
        var parts = new List<PromptPart>();
        var text = new StringBuilder();
        foreach (var piece in TextTemplate.Pieces(prompt))
        {
            if (!piece.IsPath) text.Append(piece.Text);
            else if (!values.TryGetValue(piece.Text, out var value)) throw StateReader.Missing(piece.Text);
            else if (StoredValue.From(value) is not { } stored) text.Append(JsonTemplate.Text(value));
            else
            {
                Flush();
                parts.Add(new PromptPart { Content = new Content { Ref = stored.Ref }, Path = stored.IsText ? null : "" });
            }
        }

        Flush();
        return parts;

        void Flush()
        {
            if (text.Length > 0) parts.Add(new PromptPart { Content = new Content { Text = text.ToString() } });
            text.Clear();
        }
    }

    private async Task<NodeOutput> SubOrchestratorAsync(GraphSubOrchestrator sub, Func<string, JsonElement?> root, CallOptions options)
    {
        var input = await reader.RenderAsync(sub.Input, root);
        var registration = catalog.Orchestrator(sub.Name);
        CheckInput(registration, input);
        var output = await context.CallSubOrchestratorAsync(new OrchestratorReference<JsonElement, JsonElement>(registration.Name), input, options: options);
        return new(output, Cost.Of(output, catalog.Json));
    }

    private void CheckInput(OrchestratorRegistration registration, JsonElement input)
    {
        var errors = registration.Validate(input, catalog.Json).ByPath;
        if (errors.Count == 0) return;
        var (path, messages) = errors.First();
        throw new PermanentFailureException($"The input of {registration.Name} has {errors.Count} faults. The first is at '{path}': {messages[0]}");
    }

    private async Task<NodeOutput> ApprovalAsync(TaskGraphNode node, ApprovalInput approval, Func<string, JsonElement?> root, CancellationToken token)
    {
        var request = approval with
        {
            Title = await reader.RenderAsync(approval.Title, root),
            Details = approval.Details is { } details ? await reader.RenderAsync(details, root) : null,
        };
        var result = await new ApprovalWait(context, request, EventNameOf(node), node.Key, status => waiting(node, status)).RunAsync(token);
        return new(DurableJson.ToElement(result, catalog.Json), result.Cost);
    }

    /// <summary>The event that an approval node waits for.</summary>
    public static string EventNameOf(TaskGraphNode node) => node.Approval!.EventName ?? node.Key;

    private async Task<NodeOutput> ConditionAsync(GraphCondition condition, Func<string, JsonElement?> root) =>
        new(JsonElement.Parse(await reader.HoldsAsync(condition, root) ? "true" : "false"), null);

    private async Task<NodeOutput> RepeatAsync(GraphRepeat repeat, JsonElement state, CallOptions options)
    {
        var result = await context.CallSubOrchestratorAsync(OrchestratorReferences.TaskGraphRepeat, new GraphRepeatInput { Repeat = repeat with { Body = repeat.Body with { Cache = repeat.Body.Cache ?? cache } }, State = state }, options: options);
        return new(DurableJson.ToElement(result with { Cost = null, Notice = null }, catalog.Json), result.Cost, result.Notice);
    }
}

/// <summary>What a node gave.</summary>
/// <param name="Value">Its output.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Notice">What must not be overlooked.</param>
/// <param name="Cache">Where it came from, where that was the cache.</param>
internal sealed record NodeOutput(JsonElement Value, Cost? Cost, string? Notice = null, CacheNote? Cache = null) : ICosted, ICached;
