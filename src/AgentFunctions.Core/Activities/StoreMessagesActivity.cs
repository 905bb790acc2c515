using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds messages to a conversation without asking a model, so that one that ends early has an answer to each tool call and can be continued.</summary>
/// <param name="conversations">Extends conversations.</param>
public sealed class StoreMessagesActivity(ConversationStore conversations) : Activity<ConversationDelta, ContentRef>
{
    /// <summary>Adds them.</summary>
    /// <param name="context">Not looked at.</param>
    /// <param name="input">What comes before, and what is added.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    public override Task<ContentRef> RunAsync(ActivityContext context, ConversationDelta input, CancellationToken cancellationToken) => conversations.AppendAsync(input, cancellationToken);
}
