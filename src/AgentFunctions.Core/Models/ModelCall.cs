using System.Text.Json.Serialization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;

namespace AgentFunctions.Core.Models;

/// <summary>One call of a model. What is static (the instructions) comes first, so that providers can reuse the prefix.</summary>
public sealed record ModelCall
{
    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>), <c>auto</c> for the tier that the task needs, or a configured model's name. Default: <c>balanced</c>.</summary>
    public string Model { get; init; } = ModelTiers.Balanced;

    /// <summary>What to do, in words: the system message.</summary>
    public required string Instructions { get; init; }

    /// <summary>What to do it with, in order: the user message. At least one.</summary>
    public required IReadOnlyList<PromptPart> Parts { get; init; }

    /// <summary>The kind of task; routing goes by it, and the offline model picks its algorithm by it. Default: <see cref="ModelPurpose.Answer"/>.</summary>
    public ModelPurpose Purpose { get; init; }

    /// <summary>The longest answer in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>How the cache may be used. A call with a temperature above 0 is cached only where it names a <see cref="Sample"/>. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>Which of several samples of one prompt this is: each has an answer of its own. Default: none, one answer is wanted.</summary>
    public int? Sample { get; init; }

    /// <summary>What the answer must be. One that is not goes on to the next higher tier, unless the call names a model. Default: any answer will do.</summary>
    public AnswerCheck? Accept { get; init; }
}

/// <summary>A part of a prompt: a text, a stored text, or a chunk of a stored set. Exactly one of <see cref="Content"/> and <see cref="Chunk"/> is set.</summary>
public sealed record PromptPart
{
    /// <summary>A heading, such as a document's ID. Default: none.</summary>
    public string? Title { get; init; }

    /// <summary>The text or its address.</summary>
    public Content? Content { get; init; }

    /// <summary>
    /// Where <see cref="Content"/> is JSON: the value in it that is meant, by names and places joined by dots (<c>hits.0.title</c>), or empty for all of it. A string is
    /// taken as its text, all else as JSON. Default: none; the content is a text.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The address of a chunk.</summary>
    public ChunkAddress? Chunk { get; init; }
}

/// <summary>The address of one chunk of a chunk set that SplitDocument stored.</summary>
/// <param name="Set">The stored set.</param>
/// <param name="Index">Which chunk, from 0.</param>
public sealed record ChunkAddress(ContentRef Set, int Index);

/// <summary>What a model is asked for.</summary>
public enum ModelPurpose
{
    /// <summary>An answer to a question or request.</summary>
    Answer,

    /// <summary>A shorter text with the same gist, with regard to a task: the map step.</summary>
    Summarize,

    /// <summary>One text out of several partial ones: the reduce step.</summary>
    Combine,

    /// <summary>One label of a given set.</summary>
    Classify,

    /// <summary>The given candidates in an order.</summary>
    Rank,

    /// <summary>The best of the given candidates, by number.</summary>
    Judge,
}

/// <summary>What a model answered.</summary>
public sealed record ModelReply : ICosted, ICached
{
    /// <summary>The answer; stored where it is long.</summary>
    public required Content Text { get; init; }

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

/// <summary>The names of the tiers.</summary>
public static class ModelTiers
{
    /// <summary>Cheap and quick: map steps, judging, routing.</summary>
    public const string Fast = "fast";

    /// <summary>The default.</summary>
    public const string Balanced = "balanced";

    /// <summary>Costly and able: the root of a reduction, hard questions.</summary>
    public const string Capable = "capable";

    /// <summary>No tier of its own: the one that the task needs (docs/routing.md).</summary>
    public const string Auto = "auto";

    /// <summary>All of them, from low to high; without <see cref="Auto"/>.</summary>
    public static IReadOnlyList<string> All { get; } = [Fast, Balanced, Capable];
}
