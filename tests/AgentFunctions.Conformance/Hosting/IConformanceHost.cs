using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Hosting;

/// <summary>A running host with an empty store, made for one test.</summary>
public interface IConformanceHost : IAsyncDisposable
{
    /// <summary>Its client. Read again after a restart.</summary>
    IRunClient Client { get; }

    /// <summary>How long a test waits at most. Default: 30 s.</summary>
    TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>
    /// How soon the token of a running activity fires once nobody waits for it any more. Default: 100 ms, what the embedded engine
    /// promises. A host that learns of it by polling says how long that takes.
    /// </summary>
    TimeSpan MaxCancellationLatency => TimeSpan.FromMilliseconds(100);
}
