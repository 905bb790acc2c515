using System.Globalization;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>What <c>http-get</c> may fetch.</summary>
public sealed class HttpGetOptions
{
    /// <summary>
    /// The hosts that may be called. Default: none. An entry is a name (<c>example.org</c>), a name with its subdomains (<c>*.example.org</c>), an
    /// address (<c>10.0.0.5</c>, <c>[::1]</c>) or a network (<c>10.0.0.0/8</c>), each with a port if only that one may be called
    /// (<c>127.0.0.1:8080</c>). An address that is not public (RFC 6890) is called only where it is listed as an address or within a network:
    /// listing a name that resolves to it is not enough.
    /// </summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>The largest answer, decompressed, in bytes: 1,024 to 67,108,864. Default: 1,048,576.</summary>
    public int MaxBytes { get; set; } = 1 << 20;

    /// <summary>The time for all of a call, redirects included: 10 ms to 5 min. Default: 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many redirects are followed, each to an allowed host only: 0 to 10. Default: 5.</summary>
    public int MaxRedirects { get; set; } = 5;

    internal IEnumerable<string> Errors()
    {
        foreach (var entry in AllowedHosts)
        {
            if (!AllowedHost.TryParse(entry, out _))
                yield return $"Tools:HttpGet:AllowedHosts holds '{entry}', which is none of: a name (example.org), a name with its subdomains (*.example.org), an address (10.0.0.5, [::1]), a network (10.0.0.0/8); each may end in :port.";
        }

        if (MaxBytes is < 1024 or > 1 << 26) yield return string.Create(CultureInfo.InvariantCulture, $"Tools:HttpGet:MaxBytes is {MaxBytes}. It must be from 1024 to 67108864.");
        if (Timeout < TimeSpan.FromMilliseconds(10) || Timeout > TimeSpan.FromMinutes(5)) yield return $"Tools:HttpGet:Timeout is {Timeout:c}. It must be from 00:00:00.010 to 00:05:00.";
        if (MaxRedirects is < 0 or > 10) yield return string.Create(CultureInfo.InvariantCulture, $"Tools:HttpGet:MaxRedirects is {MaxRedirects}. It must be from 0 to 10.");
    }
}
