namespace AgentFunctions.Api;

/// <summary>Settings of the HTTP contract. <see cref="ApiOptionsValidator"/> refuses values out of range.</summary>
public sealed class ApiOptions
{
    /// <summary>The largest body of a request, in bytes. Default: 8,388,608 (8 MiB). Range: 1,024 to 268,435,456 (256 MiB).</summary>
    public long MaxBodyBytes { get; set; } = 8L * 1024 * 1024;

    /// <summary>The longest <c>?wait=</c>. Default and maximum: 230 s, the time after which Azure's load balancer drops an idle request. Minimum: 0, which refuses every wait but 0.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(230);

    /// <summary>How long an event stream stays silent before a comment is sent, so that proxies keep it open. Default: 15 s. Range: 1 s to 2 min.</summary>
    public TimeSpan StreamKeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The address that clients reach this host by, put in front of the URIs in answers: <c>https://agents.example.com</c>. Absolute, http or https,
    /// without query or fragment. Default: none, which takes scheme and host from each request.
    /// </summary>
    public Uri? PublicBaseAddress { get; set; }

    /// <summary>Where docs/http-api.md can be read; the <c>type</c> of a problem is this plus a fragment. Default: <c>docs/http-api.md</c>.</summary>
    public string DocsAddress { get; set; } = "docs/http-api.md";

    /// <summary>
    /// Query parameters that belong to whatever stands in front of the host, so they are allowed everywhere and mean nothing here. Any other
    /// unknown parameter is refused. Default: <c>code</c> and <c>clientId</c> (Azure Functions), <c>subscription-key</c> (API Management).
    /// </summary>
    public IList<string> IgnoredQueryParameters { get; } = ["code", "clientId", "subscription-key"];
}
