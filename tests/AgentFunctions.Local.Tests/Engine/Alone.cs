namespace AgentFunctions.Local.Tests.Engine;

/// <summary>Tests that measure memory or time: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Engine tests that measure";
}
