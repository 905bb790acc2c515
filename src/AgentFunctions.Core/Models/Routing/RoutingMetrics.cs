using System.Diagnostics.Metrics;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>What is counted of routed calls, by the meter <c>AgentFunctions.Routing</c>.</summary>
internal static class RoutingMetrics
{
    public const string MeterName = "AgentFunctions.Routing";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Calls that were routed, by what they asked for and what was tried first.</summary>
    private static readonly Counter<long> Routes = Meter.CreateCounter<long>("agentfunctions.routing.routes", "{call}", "Calls that were routed.");

    private static readonly Counter<long> Escalations = Meter.CreateCounter<long>("agentfunctions.routing.escalations", "{call}", "Answers that were not accepted and went to a higher tier.");

    private static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>("agentfunctions.routing.fallbacks", "{call}", "Refusals and failures after which another model was tried.");

    private static readonly Counter<long> Unaccepted = Meter.CreateCounter<long>("agentfunctions.routing.unaccepted", "{call}", "Calls none of whose answers was accepted.");

    public static void Routed(string asked, string first) => Routes.Add(1, new("asked", asked), new KeyValuePair<string, object?>("first", first));

    public static void Escalated(string from, string to) => Escalations.Add(1, new("from", from), new KeyValuePair<string, object?>("to", to));

    public static void FellBack(string from, string to, Exception error) => Fallbacks.Add(1, new("from", from), new("to", to), new KeyValuePair<string, object?>("error", error.GetType().Name));

    public static void GaveUp(string asked) => Unaccepted.Add(1, new KeyValuePair<string, object?>("asked", asked));
}
