using System.Net;
using System.Net.Sockets;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>Opens connections, and only to addresses that may be connected to. It checks the very addresses that it connects to, so a name that changes its answer between check and call (DNS rebinding) gains nothing.</summary>
internal sealed class GuardedConnection(AllowedHosts hosts, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var resolved = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        var allowed = Array.FindAll(resolved, address => hosts.MayConnect(address, port));
        if (allowed.Length == 0)
        {
            throw new PermanentFailureException(resolved.Length == 0
                ? $"The tool 'http-get' found no address for '{host}'. Check the name."
                : $"The tool 'http-get' may not connect to '{host}' port {port}: it is at {string.Join(", ", resolved.AsEnumerable())}, which is not a public address. List the address itself in Tools:HttpGet:AllowedHosts if it is meant.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
