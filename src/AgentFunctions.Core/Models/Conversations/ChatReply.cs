using System.Text.Json.Serialization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Routing;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>What a model said in its turn.</summary>
public sealed record ChatReply : ICosted, ICached
{
    /// <summary>The newest delta: what was appended, and the model's own message.</summary>
    public required ContentRef Head { get; init; }

    /// <summary>The model's text; stored where it is long. Empty where it only calls tools.</summary>
    public required Content Text { get; init; }

    /// <summary>The tools it wants called, in its order. Default: none, it is done.</summary>
    public IReadOnlyList<ModelToolCall> ToolCalls { get; init; } = [];

    /// <summary>The model that answered, by its own name.</summary>
    public required string Model { get; init; }

    /// <summary>What the call cost, with all the models that were asked: nothing, where the answer came from the cache.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Which models were asked, why, and what each cost. Default: none, the call named one model and it answered.</summary>
    public ModelRoute? Route { get; init; }

    /// <summary>Whether the answer passed the call's check; null where it had none.</summary>
    [JsonIgnore]
    public bool? Accepted => Route?.Accepted;

    /// <summary>Where the answer came from; null where the model was asked.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>Why the answer ended: <c>stop</c>, <c>length</c>, <c>content_filter</c>, <c>tool_calls</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>A remark that must not be overlooked, such as that the offline model answered. Default: none.</summary>
    public string? Notice { get; init; }
}
