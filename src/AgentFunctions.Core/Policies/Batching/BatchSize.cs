using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.Batching;

/// <summary>
/// How many texts make a batch full: some more after each full one that came back in time, half as many after one that did not (additive increase, multiplicative
/// decrease: Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance in computer networks", 1989). A batch that was not full says
/// nothing of a larger one (RFC 7661 has the same rule for windows). Pure.
/// </summary>
/// <param name="Texts">The size, 1 up to the most that a request may carry.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BatchSize(int Texts)
{
    /// <summary>What it begins with: 256.</summary>
    public const int First = 256;

    /// <summary>What a full batch in time adds: 32.</summary>
    public const int Step = 32;

    /// <summary>The size after a request has come back.</summary>
    /// <param name="sent">How many texts it carried.</param>
    /// <param name="took">How long the provider took.</param>
    /// <param name="target">How long it may take.</param>
    /// <param name="most">The most texts of a request.</param>
    public BatchSize After(int sent, TimeSpan took, TimeSpan target, int most)
    {
        // One that carries little and is slow all the same would be no faster with less.
        if (took > target) return sent * 2 >= Texts ? new BatchSize(Math.Clamp(Math.Min(Texts, sent) / 2, 1, most)) : this;
        return sent >= Texts ? new BatchSize(Math.Clamp(Texts + Step, 1, most)) : this;
    }
}
