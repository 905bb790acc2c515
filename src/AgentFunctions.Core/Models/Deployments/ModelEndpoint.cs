namespace AgentFunctions.Core.Models.Deployments;

/// <summary>An address that serves all the models of the options: a deployment of them.</summary>
/// <param name="Address">The base address of an OpenAI-compatible API, with its version.</param>
/// <param name="Key">Its API key, sent as a bearer token. Default: none.</param>
public sealed record ModelEndpoint(Uri Address, string? Key = null)
{
    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"ModelEndpoint {{ Address = {Address} }}";
}
