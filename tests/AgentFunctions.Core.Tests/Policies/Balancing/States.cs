using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

/// <summary>States of deployments for tests.</summary>
internal static class States
{
    public static readonly BalancingRules Rules = new();
    public static readonly TimeSpan Now = TimeSpan.FromSeconds(1000);

    public static DeploymentState Known(double milliseconds, int inFlight = 0) => new() { Mean = milliseconds, Peak = milliseconds, MeasuredAt = Now, InFlight = inFlight };

    public static DeploymentState Left(DeploymentState state, double seconds, bool itsWord = false) =>
        state with { LeftAt = Now - TimeSpan.FromSeconds(1), LeftUntil = Now + TimeSpan.FromSeconds(seconds), IsItsWord = itsWord, Reason = itsWord ? LeftFor.Refusal : LeftFor.Failure };

    /// <summary>Two to six deployments in any state.</summary>
    public static List<DeploymentState> Any(Random random)
    {
        return [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => One())];

        DeploymentState One()
        {
            var state = random.Next(5) == 0 ? new DeploymentState() : Known(Math.Pow(10, random.NextDouble() * 4), random.Next(20));
            state = state with
            {
                Peak = state.Mean * (1 + (random.NextDouble() * 5)),
                MeasuredAt = Now - TimeSpan.FromSeconds(random.NextDouble() * 30),
                Success = random.NextDouble(),
                Unanswered = random.Next(4),
                UnansweredSince = Now - TimeSpan.FromSeconds(random.NextDouble() * 3),
                BackFrom = Now - TimeSpan.FromSeconds(2),
                BackAt = Now + TimeSpan.FromSeconds((random.NextDouble() * 10) - 5),
            };
            return random.Next(3) > 0 ? state : Left(state, (random.NextDouble() * 4) - 2, random.Next(2) == 0) with { IsTried = random.Next(2) == 0 };
        }
    }
}
