using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>How a call of a deployment ended, as far as its health goes.</summary>
internal enum CallOutcome
{
    /// <summary>With an answer.</summary>
    Answered,

    /// <summary>It was refused, for now or whatever is asked; nothing was done and nothing paid.</summary>
    Refused,

    /// <summary>The deployment failed, could not be reached, or did not answer in time.</summary>
    Failed,

    /// <summary>The call was wrong, or something failed that is not the deployment.</summary>
    Wrong,

    /// <summary>Its caller gave it up.</summary>
    Cancelled,
}

/// <summary>Tells outcomes apart.</summary>
internal static class CallOutcomes
{
    /// <summary>What an error says of the deployment that was called.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static CallOutcome Of(Exception error, CancellationToken cancellationToken) => error switch
    {
        _ when cancellationToken.IsCancellationRequested => CallOutcome.Cancelled,
        OperationCanceledException => CallOutcome.Cancelled,
        ThrottledException or DeploymentRefusedException => CallOutcome.Refused,
        ModelUnavailableException or TimeoutException or System.Net.Http.HttpRequestException or IOException => CallOutcome.Failed,
        _ => CallOutcome.Wrong,
    };
}
