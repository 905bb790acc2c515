namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>What chance and turn a choice is made by.</summary>
/// <param name="Turn">How many choices there were before, 0 or more.</param>
/// <param name="First">A random number, 0 inclusive to 1 exclusive.</param>
/// <param name="Second">Another.</param>
public sealed record Draw(long Turn, double First, double Second);
