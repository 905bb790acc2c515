namespace AgentFunctions.Core.Orchestrations;

/// <summary>How far a run is: the custom status of the patterns.</summary>
/// <param name="Phase">What it does now, such as <c>map</c>.</param>
/// <param name="Done">How many parts of this phase have ended.</param>
/// <param name="Total">How many parts this phase has.</param>
public sealed record RunProgress(string Phase, int Done, int Total);
