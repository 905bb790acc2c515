using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>What a model's answer cost: by the usage that it reports, else by an estimate from lengths. Pure.</summary>
internal static class ModelCost
{
    /// <summary>The cost of an answer.</summary>
    /// <param name="usage">What the provider reported; it counts only where it has both numbers of tokens.</param>
    /// <param name="messages">What was sent.</param>
    /// <param name="text">The answer's text.</param>
    /// <param name="calls">The names and arguments of the tools that it wants called.</param>
    /// <param name="price">What the model costs.</param>
    public static Cost Of((long Input, long Output, long CachedInput)? usage, IEnumerable<ChatMessage> messages, string text, IEnumerable<(string Tool, string? Arguments)> calls, ModelPrice price)
    {
        var (input, output, known) = usage ?? (ChatTranscript.Tokens(messages), TokenEstimate.Count(text) + calls.Sum(call => (long)TokenEstimate.Count(call.Tool) + TokenEstimate.Count(call.Arguments)), 0);
        return new Cost(input, output, price.Of(input, output, known), Estimated: usage is null, known);
    }

    /// <summary>The numbers of a usage, or null where that of tokens in or out is missing.</summary>
    public static (long Input, long Output, long CachedInput)? Both(UsageDetails? usage) => usage is { InputTokenCount: { } input, OutputTokenCount: { } output } ? (input, output, usage.CachedInputTokenCount ?? 0) : null;
}
