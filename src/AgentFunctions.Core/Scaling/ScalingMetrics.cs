using System.Diagnostics.Metrics;

namespace AgentFunctions.Core.Scaling;

/// <summary>What is measured of scaling, and under which names.</summary>
public static class ScalingMetricNames
{
    /// <summary>The meter.</summary>
    public const string Meter = "AgentFunctions.Scaling";

    /// <summary>How many instances are wanted.</summary>
    public const string Wanted = "agentfunctions.scale.wanted";

    /// <summary>How many workers there are.</summary>
    public const string Current = "agentfunctions.scale.current";

    /// <summary>The share of slots that is taken or asked for.</summary>
    public const string Utilisation = "agentfunctions.scale.utilisation";
}

/// <summary>Shows what was last decided as metrics; nothing, while that is not known.</summary>
internal sealed class ScalingMetrics : IDisposable
{
    private readonly Meter meter;

    public ScalingMetrics(object owner, Func<ScalingReport?> last)
    {
        meter = new Meter(new MeterOptions(ScalingMetricNames.Meter) { Scope = owner });
        meter.CreateObservableGauge(ScalingMetricNames.Wanted, () => Of(last()?.Wanted), "instance", "Instances that are wanted.");
        meter.CreateObservableGauge(ScalingMetricNames.Current, () => Of(last()?.Current), "instance", "Workers that have told of themselves lately.");
        meter.CreateObservableGauge(ScalingMetricNames.Utilisation, () => Of(last()?.Utilisation), "1", "The share of slots that is taken or asked for.");
    }

    public void Dispose() => meter.Dispose();

    private static Measurement<T>[] Of<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
}
