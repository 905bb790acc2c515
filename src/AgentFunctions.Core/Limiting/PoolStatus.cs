namespace AgentFunctions.Core.Limiting;

/// <summary>Where a worker's permits for a deployment stand.</summary>
/// <param name="Waiting">Calls that wait for their start.</param>
/// <param name="Held">Permits that are held for calls to come.</param>
/// <param name="ForecastWait">How long a call of lane Workflow that came now would wait, going by what has started lately; zero where that says nothing.</param>
public sealed record PoolStatus(int Waiting, int Held, TimeSpan ForecastWait);
