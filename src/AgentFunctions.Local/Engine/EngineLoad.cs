using AgentFunctions.Core.Load;

namespace AgentFunctions.Local.Engine;

/// <summary>The load of an engine that may still be on its way up: nothing, until it is there.</summary>
internal sealed class EngineLoad(Func<LocalEngine?> engine) : ILoadSource
{
    private static readonly LoadSample Starting = new();

    public LoadSample Read() => engine()?.Load.Read() ?? Starting;
}
