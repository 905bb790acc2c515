using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>The URIs of a run as this caller can reach it.</summary>
internal sealed class RunLinks
{
    private readonly string? publicBase;
    private readonly string requestBase;
    private readonly PathString pathBase;
    private readonly string? code;

    public RunLinks(HttpRequest request, ApiOptions options)
    {
        publicBase = options.PublicBaseAddress?.AbsoluteUri.TrimEnd('/');
        pathBase = request.PathBase;
        requestBase = request.Host.HasValue ? $"{request.Scheme}://{request.Host.ToUriComponent()}{pathBase.ToUriComponent()}" : pathBase.ToUriComponent();
        // A caller who came with a function key in the query needs it for the next call too.
        code = request.Query["code"] is [{ Length: > 0 } key] ? $"code={Uri.EscapeDataString(key)}" : null;
    }

    /// <summary>For the Location header: relative to the host, unless the host is known by another address.</summary>
    public string Location(string instanceId) => (publicBase ?? pathBase.ToUriComponent()) + Path(instanceId, "");

    public ManagementPayload Payload(string instanceId) => new()
    {
        Id = instanceId,
        StatusQueryGetUri = Absolute(instanceId, ""),
        SendEventPostUri = Absolute(instanceId, "/events/{eventName}"),
        TerminatePostUri = Absolute(instanceId, "/terminate", "reason={text}"),
        SuspendPostUri = Absolute(instanceId, "/suspend", "reason={text}"),
        ResumePostUri = Absolute(instanceId, "/resume", "reason={text}"),
        PurgeHistoryDeleteUri = Absolute(instanceId, ""),
        RestartPostUri = Absolute(instanceId, "/restart"),
    };

    private string Absolute(string instanceId, string action, string? query = null) => (publicBase ?? requestBase) + Path(instanceId, action, query);

    private string Path(string instanceId, string action, string? query = null)
    {
        var path = $"/api/runs/{Uri.EscapeDataString(instanceId)}{action}";
        var whole = string.Join('&', new[] { query, code }.OfType<string>());
        return whole.Length == 0 ? path : $"{path}?{whole}";
    }
}
