using System.Net;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>An event of a run's stream.</summary>
internal sealed record StreamedEvent(string Id, string Kind, string Data);

/// <summary>Reads a run's event stream as a browser does: by events, with the last ID kept to resume by.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public static async Task<EventReader> OpenAsync(HttpClient client, string id, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event, or null at the end of the stream.</summary>
    public async Task<StreamedEvent?> NextAsync()
    {
        var (id, kind, data) = ("", "", (string?)null);
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data is not null) return new StreamedEvent(id, kind, data);
        }

        return null;
    }

    public async Task<List<StreamedEvent>> ReadAsync(int count)
    {
        List<StreamedEvent> events = [];
        while (events.Count < count && await NextAsync() is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public Task<List<StreamedEvent>> ReadToEndAsync() => ReadAsync(int.MaxValue);

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
