namespace AgentFunctions.Conformance.Hosting;

/// <summary>How a host is to run the suite's orchestrators.</summary>
public enum HostFlavour
{
    /// <summary>As it does for users.</summary>
    Normal,

    /// <summary>Every orchestrator is run again from its history on every turn, so that nothing depends on what stayed in memory.</summary>
    ForcedReplay,
}
