using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>One entry of the allow-list: a name, a name with its subdomains, or a network, and a port where only that one is meant.</summary>
internal sealed record AllowedHost(string? Name, bool Subdomains, IPNetwork? Network, int? Port)
{
    /// <summary>Reads an entry.</summary>
    public static bool TryParse(string? entry, [NotNullWhen(true)] out AllowedHost? host)
    {
        host = null;
        if (entry is null || !TrySplitPort(entry.Trim(), out var text, out var port)) return false;
        if (IPNetwork.TryParse(text, out var network)) host = new(null, false, Unmapped(network), port);
        else if (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text == address.ToString())) host = new(null, false, Single(address), port);
        else if (Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns && !IPAddress.TryParse(text, out _)) host = Named(text, port);
        return host is not null;
    }

    /// <summary>Whether a name or address in an URL is this entry's.</summary>
    public bool Covers(string host, int port) =>
        IPAddress.TryParse(host, out var address)
            ? Covers(address, port)
            : Name is not null && (Port ?? port) == port && (Subdomains ? host.EndsWith("." + Name, StringComparison.OrdinalIgnoreCase) : host.Equals(Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether an address is in this entry's network.</summary>
    public bool Covers(IPAddress address, int port) => Network is { } network && (Port ?? port) == port && network.Contains(PublicAddress.Unmapped(address));

    private static bool TrySplitPort(string entry, out string text, out int? port)
    {
        (text, port) = (entry, null);
        var bracket = entry.StartsWith('[') ? entry.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = bracket >= 0 ? bracket + 1 : entry.Count(c => c == ':') == 1 ? entry.IndexOf(':', StringComparison.Ordinal) : entry.Length;
        if (bracket >= 0) text = entry[1..bracket];
        else text = entry[..colon];
        if (colon == entry.Length) return true;
        if (entry[colon] != ':' || !int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535) return false;
        port = number;
        return true;
    }

    private static AllowedHost Named(string text, int? port)
    {
        var subdomains = text.StartsWith("*.", StringComparison.Ordinal);
        return new(new IdnMapping().GetAscii((subdomains ? text[2..] : text).TrimEnd('.')), subdomains, null, port);
    }

    private static IPNetwork Single(IPAddress address)
    {
        var unmapped = PublicAddress.Unmapped(address);
        return new(unmapped, unmapped.GetAddressBytes().Length * 8);
    }

    private static IPNetwork Unmapped(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96 ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96) : network;
}
