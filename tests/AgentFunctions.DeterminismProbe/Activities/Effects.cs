namespace AgentFunctions.DeterminismProbe.Activities;

/// <summary>Activities have effects: nothing is banned here.</summary>
internal static class Effects
{
    public static void Act()
    {
        _ = DateTimeOffset.UtcNow;
        _ = Random.Shared;
        _ = Environment.MachineName;
        _ = File.Exists("x");
    }
}
