using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Results;
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

    /// <summary>Says what tools do, by their names.</summary>
    public static ActivityReference<ToolQuery, ToolList> DescribeTools { get; } = new("DescribeTools");

    /// <summary>Calls a tool.</summary>
    public static ActivityReference<ToolCall, ToolReply> CallTool { get; } = new("CallTool");

    /// <summary>Splits documents into chunks and stores where they begin and end.</summary>
    public static ActivityReference<SplitRequest, ChunkSet> SplitDocument { get; } = new("SplitDocument");

    /// <summary>Reads a stored text.</summary>
    public static ActivityReference<ContentRef, string> ReadContent { get; } = new("ReadContent");

    /// <summary>Publishes how a run ended.</summary>
    public static ActivityReference<RunResult, bool> PublishResult { get; } = new("PublishResult");
}
