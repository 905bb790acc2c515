using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Api.Admission;

/// <summary>
/// How long model calls would wait now. Of a model at several endpoints the shortest wait counts, as its calls go where it is shortest; of several models the longest, as
/// nobody knows which of them a run will ask.
/// </summary>
internal sealed class ModelWaits(DeploymentLimiters? limiters)
{
    private readonly DeploymentLimiter[][] models = limiters is null ? [] : [.. limiters.All.GroupBy(limiter => ModelOf(limiter.Deployment), StringComparer.Ordinal).Select(model => model.ToArray())];

    public LaneWaits Read() => models.Length == 0 ? LaneWaits.None : new(Of(RunPriority.Interactive), Of(RunPriority.Workflow), Of(RunPriority.Background));

    private TimeSpan Of(RunPriority lane) => models.Max(deployments => deployments.Min(limiter => limiter.ForecastWait(lane)));

    private static string ModelOf(string deployment) => deployment.LastIndexOf('@') is > 0 and var at ? deployment[..at] : deployment;
}
