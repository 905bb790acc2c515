using System.Net.Sockets;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A server-sent event.</summary>
internal sealed record ServerEvent(string Id, string Kind, string Data);

/// <summary>Reads server-sent events. One that is cut off before its empty line does not count, as browsers have it.</summary>
internal sealed class ServerEvents(HttpResponseMessage response)
{
    private StreamReader? reader;

    /// <summary>The next events; fewer where the stream ends or breaks.</summary>
    public async Task<IReadOnlyList<ServerEvent>> ReadAsync(int count)
    {
        reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<ServerEvent>();
        try
        {
            while (events.Count < count && await NextAsync(reader) is { } next)
            {
                events.Add(next);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException)
        {
            // The host was killed.
        }

        return events;
    }

    public Task<IReadOnlyList<ServerEvent>> ReadToEndAsync() => ReadAsync(int.MaxValue);

    private static async Task<ServerEvent?> NextAsync(StreamReader reader)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                fields[line[..colon]] = line[(colon + 2)..];
            }
            else if (fields.TryGetValue("data", out var data))
            {
                return new ServerEvent(fields["id"], fields["event"], data);
            }
            else
            {
                fields.Clear();
            }
        }

        return null;
    }
}
