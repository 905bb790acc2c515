using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>The activities, by name and type. In Azure each has a function of the same name.</summary>
public static class ActivityReferences
{
    /// <summary>Calls a model.</summary>
    public static ActivityReference<ModelCall, ModelReply> CallModel { get; } = new("CallModel");

    /// <summary>Calls a model for one turn of a conversation and reads its answer as it comes.</summary>
    public static ActivityReference<ChatCall, ChatReply> StreamModel { get; } = new("StreamModel");

    /// <summary>Adds messages to a conversation without asking a model.</summary>
    public static ActivityReference<ConversationDelta, ContentRef> StoreMessages { get; } = new("StoreMessages");

    /// <summary>Calls a tool.</summary>
    public static ActivityReference<ToolCall, ToolReply> CallTool { get; } = new("CallTool");

    /// <summary>Searches a source.</summary>
    public static ActivityReference<SearchRequest, SearchReply> SearchSource { get; } = new("SearchSource");

    /// <summary>Embeds texts.</summary>
    public static ActivityReference<EmbedRequest, EmbedReply> Embed { get; } = new("Embed");

    /// <summary>Says what tools there are, and how they may be called.</summary>
    public static ActivityReference<ToolQuery, ToolList> DescribeTools { get; } = new("DescribeTools");

    /// <summary>Splits documents into chunks and stores where they begin and end.</summary>
    public static ActivityReference<SplitRequest, ChunkSet> SplitDocument { get; } = new("SplitDocument");

    /// <summary>Reads a stored text.</summary>
    public static ActivityReference<ContentRef, string> ReadContent { get; } = new("ReadContent");

    /// <summary>Reads what a stored answer votes for.</summary>
    public static ActivityReference<VoteRequest, AnswerVote> ReadVote { get; } = new("ReadVote");

    /// <summary>Stores a JSON value.</summary>
    public static ActivityReference<JsonElement, ContentRef> StoreJson { get; } = new("StoreJson");

    /// <summary>Calls a tool with a pipeline's item.</summary>
    public static ActivityReference<ItemCall, ItemReply> ApplyTool { get; } = new("ApplyTool");

    /// <summary>Sends a batch of requests that can wait.</summary>
    public static ActivityReference<BatchSubmission, BatchState> SubmitBatch { get; } = new("SubmitBatch");

    /// <summary>Asks how a batch stands, by the provider's ID.</summary>
    public static ActivityReference<string, BatchState> PollBatch { get; } = new("PollBatch");

    /// <summary>Reads what became of a batch.</summary>
    public static ActivityReference<BatchReading, BatchOutcomes> ReadBatch { get; } = new("ReadBatch");

    /// <summary>Asks for the end of a batch, by the provider's ID.</summary>
    public static ActivityReference<string, BatchState> CancelBatch { get; } = new("CancelBatch");

    /// <summary>Invalidates entries of the cache, of the run's own tenant.</summary>
    public static ActivityReference<CacheInvalidation, CacheInvalidationReceipt> InvalidateCache { get; } = new("InvalidateCache");

    /// <summary>Publishes how a run ended.</summary>
    public static ActivityReference<RunResult, bool> PublishResult { get; } = new("PublishResult");
}
