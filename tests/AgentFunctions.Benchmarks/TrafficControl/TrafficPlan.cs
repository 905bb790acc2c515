namespace AgentFunctions.Benchmarks.TrafficControl;

/// <summary>What of the traffic control is on.</summary>
/// <param name="Name">What the table says.</param>
/// <param name="Limits">Whether the deployments' limits are known and kept, and customers go before reports.</param>
/// <param name="Cache">Whether answers are kept.</param>
/// <param name="Routing">Whether a question goes to the tier that it needs; else all go to the capable one.</param>
internal sealed record TrafficPlan(string Name, bool Limits, bool Cache, bool Routing)
{
    /// <summary>From the plain way to all of it, one thing after the other.</summary>
    public static IReadOnlyList<TrafficPlan> All { get; } =
    [
        new("none of it", Limits: false, Cache: false, Routing: false),
        new("limits and lanes", Limits: true, Cache: false, Routing: false),
        new("and the cache", Limits: true, Cache: true, Routing: false),
        new("and routing: all of it", Limits: true, Cache: true, Routing: true),
    ];
}
