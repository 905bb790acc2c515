using System.Net;
using System.Net.Sockets;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>Tells public addresses from those that lead inside. Pure.</summary>
internal static class PublicAddress
{
    // The IANA special-purpose registries (RFC 6890 and its updates), multicast, and the tunnels that carry an IPv4 address in an IPv6 one.
    private static readonly IPNetwork[] special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork globalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address is public. IPv6 outside 2000::/3 (loopback, link-local, unique local, multicast, NAT64) is not.</summary>
    public static bool Is(IPAddress address)
    {
        var unmapped = Unmapped(address);
        return (unmapped.AddressFamily == AddressFamily.InterNetwork || globalUnicast.Contains(unmapped)) && !Array.Exists(special, network => network.Contains(unmapped));
    }

    /// <summary>The IPv4 address of an IPv4-mapped IPv6 one (::ffff:127.0.0.1), any other as it is.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
