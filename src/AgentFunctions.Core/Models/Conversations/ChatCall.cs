using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Routing;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>
/// One turn of a conversation, asked of a model. The conversation crosses history as one address, whatever its length: see <see cref="ConversationDelta"/>.
/// What is static (instructions, tools, older messages) comes first and byte-identical, so that providers can reuse the prefix.
/// </summary>
public sealed record ChatCall
{
    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>), <c>auto</c> for the tier that the task needs, or a configured model's name. Default: <c>balanced</c>.</summary>
    public string Model { get; init; } = ModelTiers.Balanced;

    /// <summary>Who the model is and what it is to do: the system message.</summary>
    public required string Instructions { get; init; }

    /// <summary>The newest stored delta of the conversation so far. Default: none, the conversation begins here.</summary>
    public ContentRef? Head { get; init; }

    /// <summary>What has been said since <see cref="Head"/>: the user's message, or the results of tools. At least one.</summary>
    public required IReadOnlyList<ConversationMessage> Append { get; init; }

    /// <summary>The names of the tools that the model may call. Default: none.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The longest answer in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>What calls have in common whose prompts begin alike: they go to the deployment that has read that beginning. A session's ID, where the conversation goes on in other runs. Default: the run's instance ID.</summary>
    public string? Affinity { get; init; }

    /// <summary>How the cache may be used. A call with a temperature above 0 is cached only where it names a <see cref="Sample"/>. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>Which of several samples of one conversation this is: each has an answer of its own. Default: none, one answer is wanted.</summary>
    public int? Sample { get; init; }

    /// <summary>What an answer without tool calls must be. One that is not goes on to the next higher tier, unless the call names a model; so text flows out only when it has been accepted. Default: any answer will do.</summary>
    public AnswerCheck? Accept { get; init; }

    /// <summary>Which turn of the run this is, from 1: named with what is streamed out.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>Whether tokens flow out while the model answers. Default: false.</summary>
    public bool Stream { get; init; }

    /// <summary>
    /// The external event by which the run hears of a tool call (<see cref="ModelToolCall"/>) as soon as its arguments are complete, before the model has ended.
    /// A call may be told more than once, and one that was told may be missing from the reply, when the activity ran twice. Default: none, it is not told.
    /// </summary>
    public string? ToolCallEvent { get; init; }
}
