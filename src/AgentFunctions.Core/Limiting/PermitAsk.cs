using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>A call that wants to start.</summary>
/// <param name="Tokens">The tokens that it is likely to use, in and out.</param>
/// <param name="Lane">Who waits for it.</param>
/// <param name="MaxWait">How long it may wait for its start.</param>
public sealed record PermitAsk(double Tokens, RunPriority Lane, TimeSpan MaxWait);
