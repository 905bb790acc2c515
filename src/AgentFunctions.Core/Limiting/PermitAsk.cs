using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>A call that wants to start.</summary>
/// <param name="Tokens">The tokens that it is likely to use, in and out; at least 0.</param>
/// <param name="Lane">Who waits for it.</param>
/// <param name="MaxWait">How long it may wait for its start, 0 to 1 day.</param>
public sealed record PermitAsk(double Tokens, RunPriority Lane, TimeSpan MaxWait);
