using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>Items, and the stages that each of them goes through.</summary>
public sealed record PipelineInput
{
    /// <summary>The items, 1 to 10,000. Values over 2 KB are moved to the content store before the run starts.</summary>
    public required IReadOnlyList<PipelineItem> Items { get; init; }

    /// <summary>The stages, 1 to 10, in order.</summary>
    public required IReadOnlyList<PipelineStage> Stages { get; init; }

    /// <summary>Whether items begin every stage in the order of the input. Results are in the order of the input always. Default: false; whatever is ready goes on.</summary>
    public bool Ordered { get; init; }

    /// <summary>How the cache may be used, for stages that do not say it themselves. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>One item.</summary>
public sealed record PipelineItem
{
    /// <summary>Its name, 1 to 100 characters, unique. Default: its place in the list, from 0, as text.</summary>
    public string? Key { get; init; }

    /// <summary>Its value: any JSON but null.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where its value is stored. Exactly one of <see cref="Value"/> and <see cref="Ref"/> is set.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>Whether what is stored is plain text (UTF-8). Default: false; it is JSON.</summary>
    public bool IsText { get; init; }
}

/// <summary>One stage. It calls a tool or a model: exactly one of <see cref="Tool"/> and <see cref="Model"/> is set.</summary>
public sealed record PipelineStage
{
    /// <summary>Its name, 1 to 100 characters, unique.</summary>
    public required string Key { get; init; }

    /// <summary>The tool's registered name.</summary>
    public string? Tool { get; init; }

    /// <summary>The tool's arguments: a JSON object of at most 4,096 bytes. <c>{"$value": "item.id"}</c> anywhere in it stands for a value of the item, <c>{"$value": "item"}</c> for the item, and <c>{{item.id}}</c> in a string for a value's text. Default: the item itself, which must then be an object.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>) or a configured model's name.</summary>
    public string? Model { get; init; }

    /// <summary>What the model is asked: 1 to 4,000 characters with <c>{{item}}</c> where the item belongs, or <c>{{item.id}}</c> where a value of it does. The answer is the item of the next stage. Default: <c>{{item}}</c>.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model's instructions, 1 to 4,000 characters. Default: <c>Answer the request.</c></summary>
    public string? Instructions { get; init; }

    /// <summary>The kind of task; routing goes by it. Default: <see cref="ModelPurpose.Answer"/>.</summary>
    public ModelPurpose Purpose { get; init; }

    /// <summary>How many items are in the stage at once, 1 to 1,000. Default: 10.</summary>
    public int MaxParallel { get; init; } = 10;

    /// <summary>
    /// How many items are on their way to the stage, waiting for it or in the stage before, 1 to 10,000: when so many are, the stage before begins no further item. Below the parallelism of the
    /// stage before it bounds that, too. Does not matter for the first stage. Default: the parallelism of both together.
    /// </summary>
    public int? Buffer { get; init; }

    /// <summary>How long an item may take, all its attempts included; above 0, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often an item is tried, 1 to 10. A permanent failure is not tried again. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What happens when an item fails. Default: it is left out, and the others go on.</summary>
    public PipelineOnError OnError { get; init; }

    /// <summary>How the cache may be used. Default: as the input says.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What happens when an item fails in a stage.</summary>
public enum PipelineOnError
{
    /// <summary>The item goes no further; the others do.</summary>
    Skip,

    /// <summary>Nothing goes any further. What has come to its end is in the result.</summary>
    Stop,
}
