using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Moves what is large in a graph's input to the content store: values of the state, and what other orchestrators move of their own inputs.</summary>
internal sealed class TaskGraphPreparation(Catalog catalog, IContentStore content)
{
    public async ValueTask<TaskGraphInput> PrepareAsync(TaskGraphInput input, CancellationToken cancellationToken)
    {
        var state = await StateAsync(input.State, cancellationToken);
        var nodes = new List<TaskGraphNode>(input.Nodes.Count);
        foreach (var node in input.Nodes) nodes.Add(await NodeAsync(node, cancellationToken));
        var same = nodes.Zip(input.Nodes).All(pair => ReferenceEquals(pair.First, pair.Second));
        return same && state is null ? input : input with { Nodes = same ? input.Nodes : nodes, State = state ?? input.State };
    }

    private async ValueTask<TaskGraphNode> NodeAsync(TaskGraphNode node, CancellationToken cancellationToken)
    {
        if (node.Repeat is { } repeat)
        {
            var body = await PrepareAsync(repeat.Body, cancellationToken);
            return ReferenceEquals(body, repeat.Body) ? node : node with { Repeat = repeat with { Body = body } };
        }

        // An input with placeholders is not yet one: there is nothing to move.
        if (node.SubOrchestrator is not { } sub || JsonTemplate.Constant(sub.Input) is not { } given) return node;
        var prepared = await catalog.Orchestrator(sub.Name).PrepareAsync(given, content, catalog.Json, cancellationToken);
        return JsonElement.DeepEquals(prepared, given) ? node : node with { SubOrchestrator = sub with { Input = JsonTemplate.Of(prepared) } };
    }

    /// <summary>The state with its large values stored, or null where none is large.</summary>
    private async ValueTask<JsonElement?> StateAsync(JsonElement? state, CancellationToken cancellationToken)
    {
        if (state is not { ValueKind: JsonValueKind.Object } values) return null;
        var stored = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in values.EnumerateObject())
        {
            if (await StoredValue.PutAsync(property.Value, content, cancellationToken) is { } address) stored.Add(property.Name, address);
        }

        return stored.Count == 0 ? null : GraphState.Document(values.EnumerateObject().Select(property => property.Name), key => stored.TryGetValue(key, out var address) ? address : values.GetProperty(key));
    }
}
