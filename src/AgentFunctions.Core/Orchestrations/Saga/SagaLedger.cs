using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>What a saga knows of its steps and compensations, besides where they stand.</summary>
internal sealed class SagaLedger(string instanceId, SagaInput input)
{
    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<SagaEntry> Entries { get; } = [.. input.Steps.Select(step => new SagaEntry(step, $"{instanceId}:{step.Key}", $"{instanceId}:{step.Key}:compensate"))];

    /// <summary>How compensations are tried.</summary>
    public SagaRetry CompensationRetry => input.CompensationRetry;

    /// <summary>Who cancelled the saga.</summary>
    public SagaCancellation? Cancelled { get; set; }

    /// <summary>Events that did not fit; the first hundred.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>The place of a step.</summary>
    public int PlaceOf(string? key) => Entries.ToList().FindIndex(entry => string.Equals(entry.Step.Key, key, StringComparison.Ordinal));
}

/// <summary>What a saga knows of one step.</summary>
internal sealed class SagaEntry(SagaStep step, string key, string undoKey)
{
    public SagaStep Step { get; } = step;

    public string Key { get; } = key;

    public string UndoKey { get; } = undoKey;

    public ToolReply? Reply { get; set; }

    /// <summary>The answer as JSON, once something referred to it.</summary>
    public JsonElement? Answer { get; set; }

    /// <summary>The arguments as they were sent.</summary>
    public JsonElement? Arguments { get; set; }

    public int Attempts { get; set; }

    public FailureDetails? Error { get; set; }

    /// <summary>The compensation's arguments as they were sent.</summary>
    public JsonElement? UndoArguments { get; set; }

    public int UndoAttempts { get; set; }

    public FailureDetails? UndoError { get; set; }

    public Cost? UndoCost { get; set; }

    public DateTimeOffset? ParkedSince { get; set; }

    public SagaResolution? Resolution { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }
}
