using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Scaling;

namespace AgentFunctions.Api;

/// <summary>The parts of a host that it may lack; routes of one that is lacking say so.</summary>
public sealed record ApiParts
{
    /// <summary>Where the runs' live output is. Default: nowhere, and streams tell of history alone.</summary>
    public IRunOutputStore? Output { get; init; }

    /// <summary>The cache to steer. Default: none.</summary>
    public ICacheControl? Cache { get; init; }

    /// <summary>The limiters of the models. Default: none, and no deployment has limits.</summary>
    public DeploymentLimiters? Limits { get; init; }

    /// <summary>What tells how many instances are wanted. Default: nothing does.</summary>
    public ScalingReporter? Scaling { get; init; }
}
