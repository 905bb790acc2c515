using System.Net;
using System.Net.Sockets;

namespace AgentFunctions.Core.Tests.Tools.Http;

/// <summary>A server on 127.0.0.1 that takes one request, sends a beginning or nothing, and then stays silent.</summary>
internal sealed class StallingServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task serving;

    public StallingServer(byte[]? beginning)
    {
        listener.Start();
        serving = ServeAsync(beginning);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends once a request has come and the beginning has been sent.</summary>
    public Task Asked => asked.Task;

    public async ValueTask DisposeAsync()
    {
        done.SetResult();
        await serving;
        listener.Dispose();
    }

    private async Task ServeAsync(byte[]? beginning)
    {
        using var client = await listener.AcceptTcpClientAsync();
        _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1);
        if (beginning is not null) await client.GetStream().WriteAsync(beginning);
        asked.SetResult();
        await done.Task;
    }
}
