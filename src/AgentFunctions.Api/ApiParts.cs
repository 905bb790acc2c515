using AgentFunctions.Api.Admission;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Resilience;
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

    /// <summary>The deployments of the models. Default: none, and there is no balancing.</summary>
    public DeploymentPools? Pools { get; init; }
    /// <summary>The load of the host. Default: not known, and starts are refused by the limits of models alone.</summary>
    public ILoadSource? Load { get; init; }

    /// <summary>When starts are refused. Default: the defaults.</summary>
    public AdmissionOptions Admission { get; init; } = new();
    /// <summary>The budgets. Default: none, and nothing is kept account of.</summary>
    public BudgetLedger? Budgets { get; init; }
    /// <summary>The gates of model calls in flight; null where the host has none.</summary>
    public CallGates? Gates { get; init; }
    /// <summary>The circuits of deployments and tools. Default: none, and everything is called however broken it is.</summary>
    public CircuitBreakers? Circuits { get; init; }
    /// <summary>What tells how many instances are wanted. Default: nothing does.</summary>
    public ScalingReporter? Scaling { get; init; }
}
