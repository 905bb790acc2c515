namespace AgentFunctions.Api;

/// <summary>How the host is, as far as requests need to know.</summary>
public interface IHostState
{
    /// <summary>True from the moment the host has been asked to stop: what would change something is answered with 503, what reads is still answered.</summary>
    bool Draining { get; }

    /// <summary>Fires when draining begins: event streams end, and waits for a result are answered with 202. Default: never.</summary>
    CancellationToken DrainToken => CancellationToken.None;

    /// <summary>Why the host can't do its work (its journal is broken, say), or null when it can. Health answers 503 with it. Default: null.</summary>
    string? Fault => null;
}

internal sealed class RunningHost : IHostState
{
    public bool Draining => false;
}
