using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>Requests that can wait.</summary>
public sealed record BatchJobInput
{
    /// <summary>The requests, 1 to 50,000.</summary>
    public IReadOnlyList<BatchItem> Items { get; init; } = [];

    /// <summary>Where the JSON of the requests is, in place of <see cref="Items"/>: many or long ones are stored there when the run is started. Default: none.</summary>
    public ContentRef? ItemsRef { get; init; }

    /// <summary>What to do with each, in words: up to 8,000 characters. Default: none.</summary>
    public string? Instructions { get; init; }

    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>) or a configured model's name. Default: <c>balanced</c>.</summary>
    public string Model { get; init; } = ModelTiers.Balanced;

    /// <summary>The longest answer in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>How often the provider is asked how the batch stands.</summary>
    public BatchJobOptions Polling { get; init; } = new();
}

/// <summary>How often the provider is asked how the batch stands.</summary>
public sealed record BatchJobOptions
{
    /// <summary>The wait before the first question, 100 ms to 1 hour. Default: 5 s.</summary>
    public TimeSpan FirstInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much longer each wait is than the one before, 1 to 10. Default: 1.5.</summary>
    public double Growth { get; init; } = 1.5;

    /// <summary>The longest wait, at least the first one, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan LongestInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long the batch is cancelled and what there is is taken, 1 s to 7 days. Default: 26 hours; the provider's own window is 24.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(26);
}
