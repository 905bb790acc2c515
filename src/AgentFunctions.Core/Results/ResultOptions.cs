namespace AgentFunctions.Core.Results;

/// <summary>Settings of published results.</summary>
public sealed record ResultOptions
{
    /// <summary>What events come from: the <c>source</c> of a CloudEvent, a URI reference. Default: <c>/api/runs</c>; set an absolute one where several apps share a topic.</summary>
    public Uri Source { get; init; } = new("/api/runs", UriKind.Relative);
}
