using AgentFunctions.Core.Policies.Batching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>What a joined request used, by the calls in it: by the length of their texts, so that the parts add up to what the provider counted.</summary>
internal static class JoinedUsage
{
    public static IReadOnlyList<UsageDetails?> Divide(UsageDetails? whole, IReadOnlyList<double> tokens)
    {
        if (whole is null) return new UsageDetails?[tokens.Count];
        var (input, total) = (Part(whole.InputTokenCount), Part(whole.TotalTokenCount));
        return [.. tokens.Select((_, place) => new UsageDetails { InputTokenCount = input?[place], TotalTokenCount = total?[place] })];

        IReadOnlyList<long>? Part(long? count) => count is { } known ? Shares.Of(Math.Max(0, known), tokens) : null;
    }

    /// <summary>Both together; unknown where one of them is.</summary>
    public static UsageDetails? Sum(UsageDetails? left, UsageDetails? right)
    {
        if (left is null || right is null) return null;
        return new UsageDetails { InputTokenCount = left.InputTokenCount + right.InputTokenCount, TotalTokenCount = left.TotalTokenCount + right.TotalTokenCount };
    }
}
