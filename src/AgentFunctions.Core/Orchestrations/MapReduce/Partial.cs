using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>A partial result.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Range">The chunks it is about; some of them may be missing.</param>
/// <param name="Chunks">How many chunks are really in it.</param>
internal sealed record Partial(Content Text, Slice Range, int Chunks)
{
    /// <summary>For the prompt.</summary>
    public string Title => Range.Count == 1 ? $"Part {Range.First + 1}" : $"Parts {Range.First + 1} to {Range.First + Range.Count}";
}
