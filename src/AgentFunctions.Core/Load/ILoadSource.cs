namespace AgentFunctions.Core.Load;

/// <summary>Tells how loaded this worker is: admission and scaling go by it.</summary>
public interface ILoadSource
{
    /// <summary>How it is now. Cheap: it is asked for with each request.</summary>
    LoadSample Read();
}
