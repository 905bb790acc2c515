namespace AgentFunctions.Api.Runs;

/// <summary>Durable Functions' own answer to a start: where the run can be watched and steered. Absolute URIs.</summary>
internal sealed record ManagementPayload
{
    /// <summary>The run's instance ID.</summary>
    public required string Id { get; init; }

    /// <summary>GET: its status.</summary>
    public required string StatusQueryGetUri { get; init; }

    /// <summary>POST: an external event; put its name for {eventName}.</summary>
    public required string SendEventPostUri { get; init; }

    /// <summary>POST: ends it; put the reason for {text}.</summary>
    public required string TerminatePostUri { get; init; }

    /// <summary>POST: pauses it; put the reason for {text}.</summary>
    public required string SuspendPostUri { get; init; }

    /// <summary>POST: continues it; put the reason for {text}.</summary>
    public required string ResumePostUri { get; init; }

    /// <summary>DELETE: removes it once it has ended.</summary>
    public required string PurgeHistoryDeleteUri { get; init; }

    /// <summary>POST: starts it again from its input.</summary>
    public required string RestartPostUri { get; init; }
}

/// <summary>What a purge removed.</summary>
/// <param name="InstancesDeleted">The run and its sub-orchestrations.</param>
internal sealed record PurgeReport(int InstancesDeleted);
