using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>A repeat node: a run of its own, whose steps are its iterations, each a run of TaskGraph.</summary>
internal sealed class GraphRepeatOrchestrator : Orchestrator<GraphRepeatInput, GraphRepeatResult>
{
    private const string Iteration = "iteration";

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">An iteration failed.</exception>
    public override async Task<GraphRepeatResult> RunAsync(OrchestrationContext context, GraphRepeatInput input)
    {
        var (repeat, reader) = (input.Repeat, new StateReader(context));
        var progress = new ProgressStatus(context, "iterations", repeat.MaxIterations);
        var state = Over(input.State, repeat.Body.State);
        Cost? cost = null;
        string? notice = null;
        for (var iteration = 1; ; iteration++)
        {
            var body = (iteration == 1 ? repeat.Body : Anew(repeat.Body)) with { State = Numbered(state, iteration) };
            var result = await context.CallSubOrchestratorAsync(OrchestratorReferences.TaskGraph, body, options: new CallOptions { Label = $"iteration {iteration.ToString(CultureInfo.InvariantCulture)}" });
            cost = result.Cost is { } more ? (cost ?? Cost.None) + more : cost;
            notice ??= result.Notice;
            if (FailureOf(repeat.Body, result, iteration) is { } failure) throw new TaskFailedException(failure);
            progress.Report(iteration);
            state = result.State;
            var satisfied = await reader.HoldsAsync(repeat.Until, key => state.TryGetProperty(key, out var value) ? value : null);
            if (satisfied || iteration == repeat.MaxIterations) return new() { Iterations = iteration, Satisfied = satisfied, State = Written(repeat.Body, state), Cost = cost, Notice = notice };
        }
    }

    /// <summary>A graph that is run again, because what it gave would not do yet: it must not be given the same once more.</summary>
    private static TaskGraphInput Anew(TaskGraphInput body) => body with { Cache = body.Cache.Anew(), Nodes = [.. body.Nodes.Select(Anew)] };

    private static TaskGraphNode Anew(TaskGraphNode node) => node switch
    {
        { Repeat: { } repeat } => node with { Repeat = repeat with { Body = Anew(repeat.Body) } },
        { Cache: { } settings } => node with { Cache = settings.Anew() },
        _ => node,
    };

    /// <summary>Nodes that may fail (continueOnError) do not fail the iteration.</summary>
    private static FailureDetails? FailureOf(TaskGraphInput body, TaskGraphResult result, int iteration)
    {
        var forgiven = body.Nodes.Where(node => node.ContinueOnError && !node.Critical).Select(node => node.Key).ToHashSet(StringComparer.Ordinal);
        var failed = result.Nodes.FirstOrDefault(node => node.Error is not null && !forgiven.Contains(node.Key));
        return failed is null ? null : new()
        {
            Type = failed.Error!.Type,
            Message = $"Iteration {iteration}: the node '{failed.Key}' failed: {failed.Error.Message}",
            Permanent = failed.Error.Permanent,
            RetryAfter = failed.Error.RetryAfter,
            Step = failed.Key,
        };
    }

    private static JsonElement Over(JsonElement state, JsonElement? own) => own is { ValueKind: JsonValueKind.Object } top
        ? GraphState.Document(state.EnumerateObject().Concat(top.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal), key => top.TryGetProperty(key, out var value) ? value : state.GetProperty(key))
        : state;

    private static JsonElement Numbered(JsonElement state, int iteration) => GraphState.Document(
        state.EnumerateObject().Select(property => property.Name).Append(Iteration).Distinct(StringComparer.Ordinal),
        key => key == Iteration ? JsonElement.Parse(iteration.ToString(CultureInfo.InvariantCulture)) : state.GetProperty(key));

    private static JsonElement Written(TaskGraphInput body, JsonElement state) => GraphState.Document(
        body.Nodes.Select(node => node.OutputKey).Distinct(StringComparer.Ordinal),
        key => state.TryGetProperty(key, out var value) ? value : null);
}

/// <summary>What a repeat node's run is started with.</summary>
internal sealed record GraphRepeatInput
{
    /// <summary>The node.</summary>
    public required GraphRepeat Repeat { get; init; }

    /// <summary>The state that the node sees.</summary>
    public required JsonElement State { get; init; }
}

/// <summary>What a repeat node's run gives.</summary>
internal sealed record GraphRepeatResult
{
    /// <summary>How many iterations ran.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether the condition came to hold.</summary>
    public required bool Satisfied { get; init; }

    /// <summary>What the body's nodes have written.</summary>
    public required JsonElement State { get; init; }

    /// <summary>What the iterations cost.</summary>
    public Cost? Cost { get; init; }

    /// <summary>A remark of a model.</summary>
    public string? Notice { get; init; }
}
