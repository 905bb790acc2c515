using System.Diagnostics.Metrics;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>What is measured of deployments, by the meter <c>AgentFunctions.Models</c>.</summary>
public sealed class PoolMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "AgentFunctions.Models";

    /// <summary>Calls that have ended, by <see cref="DeploymentTag"/> and <see cref="OutcomeTag"/>.</summary>
    public const string Calls = "agentfunctions.models.calls";

    /// <summary>The time to answer, by <see cref="DeploymentTag"/>.</summary>
    public const string ResponseTime = "agentfunctions.models.response_time";

    /// <summary>Calls in flight, by <see cref="DeploymentTag"/>.</summary>
    public const string InFlight = "agentfunctions.models.in_flight";

    /// <summary>1 for a deployment that is well, else 0, by <see cref="DeploymentTag"/>.</summary>
    public const string Healthy = "agentfunctions.models.healthy";

    /// <summary>The deployment: model@host.</summary>
    public const string DeploymentTag = "deployment";

    /// <summary>How the call ended: answered, refused, failed, wrong, cancelled.</summary>
    public const string OutcomeTag = "outcome";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> calls;
    private readonly Histogram<double> responseTime;

    /// <summary>Begins to measure.</summary>
    /// <param name="deployments">Where each deployment stands.</param>
    internal PoolMetrics(Func<IEnumerable<DeploymentReport>> deployments)
    {
        calls = meter.CreateCounter<long>(Calls, "{call}", "Calls of deployments that have ended.");
        responseTime = meter.CreateHistogram<double>(ResponseTime, "s", "Time to the answer, or to its first piece.");
        meter.CreateObservableGauge(InFlight, () => deployments().Select(one => new Measurement<int>(one.InFlight, Tag(one.Deployment))), "{call}", "Calls in flight.");
        meter.CreateObservableGauge(Healthy, () => deployments().Select(one => new Measurement<int>(one.Healthy ? 1 : 0, Tag(one.Deployment))), description: "1 for a deployment that is well, else 0.");
    }

    /// <summary>Ends the meter.</summary>
    public void Dispose() => meter.Dispose();

    /// <summary>Counts a call that has ended.</summary>
    internal void Count(string deployment, CallOutcome outcome) => calls.Add(1, Tag(deployment), new(OutcomeTag, outcome switch
    {
        CallOutcome.Answered => "answered",
        CallOutcome.Refused => "refused",
        CallOutcome.Failed => "failed",
        CallOutcome.Wrong => "wrong",
        _ => "cancelled",
    }));

    /// <summary>Measures a time to answer.</summary>
    internal void Measure(string deployment, TimeSpan took) => responseTime.Record(took.TotalSeconds, Tag(deployment));

    private static KeyValuePair<string, object?> Tag(string deployment) => new(DeploymentTag, deployment);
}
