using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.App.Durable;

/// <summary>
/// An input with what Durable Functions has no place for: the Functions host keeps no tags, tells no client of a run's parent, and numbers no calls
/// across executions. Only inputs that have something to say are wrapped, so a run started by any client looks as that client left it.
/// </summary>
internal sealed record RunEnvelope
{
    private const string Marker = "$run";

    /// <summary>What is said about the run.</summary>
    [JsonPropertyName(Marker)]
    public required RunHeader Header { get; init; }

    /// <summary>The orchestrator's own input.</summary>
    public JsonElement Input { get; init; }

    /// <summary>The input to start a run with.</summary>
    public static JsonElement Wrap(RunHeader header, JsonElement input) => header == RunHeader.None && !IsWrapped(input)
        ? input
        : JsonSerializer.SerializeToElement(new RunEnvelope { Header = header, Input = input }, AppJsonContext.Default.RunEnvelope);

    /// <summary>What a run was started with.</summary>
    public static (RunHeader Header, JsonElement Input) Open(JsonElement payload) => IsWrapped(payload)
        ? payload.Deserialize(AppJsonContext.Default.RunEnvelope) is { } envelope ? (envelope.Header, envelope.Input) : (RunHeader.None, payload)
        : (RunHeader.None, payload);

    private static bool IsWrapped(JsonElement payload) => payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty(Marker, out _);
}

/// <summary>What is said about a run beside its input.</summary>
internal sealed record RunHeader
{
    private const int EpochBits = 20;

    /// <summary>A run that was started plainly.</summary>
    public static RunHeader None { get; } = new();

    /// <summary>The run that started it, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>The ID of a sub-orchestration, or null: the Functions host no longer tells it once that has ended.</summary>
    public string? Id { get; init; }

    /// <summary>Its branch in the run that started it, or null.</summary>
    public string? Label { get; init; }

    /// <summary>Its lane.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>The budget that it, or the run that it belongs to, was started with; null for none.</summary>
    public BudgetLimit? Budget { get; init; }

    /// <summary>The number of its first call: counted on across executions and restarts, so that idempotency keys stay unique.</summary>
    public int NextCall { get; init; }

    /// <summary>How often the run was restarted under its ID, by the number of one of its calls.</summary>
    public static int EpochOf(int callId) => callId >> EpochBits;

    /// <summary>The header of a run that is restarted under its ID: its calls are numbered apart from those before.</summary>
    public RunHeader Restarted() => this with { NextCall = (EpochOf(NextCall) + 1) << EpochBits };

    /// <summary>Where the cancellations of a run are posted. A restarted run has a place of its own, so that the end of the first does not cancel the second.</summary>
    public static string CancellationKey(string instanceId, int epoch) => epoch == 0 ? instanceId : $"{instanceId}~{epoch}";
}
