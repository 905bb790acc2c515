namespace AgentFunctions.DeterminismProbe.Policies;

/// <summary>The bans hold in this folder too.</summary>
internal static class PolicyWithEffects
{
    public static void Decide()
    {
        _ = DateTimeOffset.UtcNow; // banned: P:System.DateTimeOffset.UtcNow
        _ = Random.Shared; // banned: T:System.Random
        _ = Environment.MachineName; // banned: T:System.Environment
        _ = File.Exists("x"); // banned: T:System.IO.File
    }
}
