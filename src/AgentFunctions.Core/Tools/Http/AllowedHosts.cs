using System.Net;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>Decides which hosts may be named and which addresses may be connected to. Pure.</summary>
internal sealed class AllowedHosts
{
    private readonly List<AllowedHost> hosts = [];

    public AllowedHosts(IEnumerable<string> entries)
    {
        foreach (var entry in entries)
        {
            hosts.Add(AllowedHost.TryParse(entry, out var host) ? host : throw new ArgumentException($"Tools:HttpGet:AllowedHosts holds '{entry}', which is no host.", nameof(entries)));
        }
    }

    /// <summary>Whether an URL's host is listed. Numeric spellings of an address (decimal, octal, hexadecimal) were made canonical by <see cref="Uri"/>.</summary>
    public bool MayName(Uri url) => hosts.Exists(host => host.Covers(url.IdnHost.TrimEnd('.'), url.Port));

    /// <summary>Whether an address may be connected to: it is public, or listed as an address or within a network.</summary>
    public bool MayConnect(IPAddress address, int port) => PublicAddress.Is(address) || hosts.Exists(host => host.Covers(address, port));
}
