using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentFunctions.Core.Tests.Tools.Http;

/// <summary>An HTTP server on 127.0.0.1 that answers every host name: one request a connection, the answer written as it stands.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<string, byte[]?> answer;
    private readonly Task serving;

    /// <param name="answer">The raw response for a path; null to say nothing more and keep the connection open.</param>
    public LoopbackServer(Func<string, byte[]?> answer)
    {
        this.answer = answer;
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Requests { get; } = [];

    public SemaphoreSlim Asked { get; } = new(0);

    public string Url(string path, string host = "127.0.0.1") => $"http://{host}:{Port}{path}";

    public static byte[] Response(string head, string body = "") => Encoding.Latin1.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
        Asked.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1, leaveOpen: true);
                var request = new StringBuilder();
                while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line) request.AppendLine(line);
                Requests.Enqueue(request.ToString());
                Asked.Release();
                if (answer(request.ToString().Split(' ')[1]) is not { } bytes) await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
                else await client.GetStream().WriteAsync(bytes, stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The client went away, as it should where it refuses what comes.
            }
        }
    }
}
