using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A host over HTTP.</summary>
internal sealed class HostClient(HttpClient http)
{
    public HttpClient Http => http;

    /// <summary>Starts a run, or finds the one that was started with the same key.</summary>
    /// <returns>Its ID, as soon as the head of the 202 is there.</returns>
    public async Task<string> StartAsync(string orchestrator, string input, string key)
    {
        using var request = Start($"/api/runs/{orchestrator}", input, key);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString.Split('/')[^1];
    }

    /// <summary>Starts a run, or finds the one that was started with the same key, and waits for its end.</summary>
    /// <returns>Its final state.</returns>
    public async Task<JsonElement> FinishAsync(string orchestrator, string input, string key)
    {
        using var request = Start($"/api/runs/{orchestrator}?wait=60s", input, key);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        var state = JsonElement.Parse(text);
        Assert.True(state.GetProperty("runtimeStatus").GetString() == "Completed", text);
        return state;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status}: {body}");
        return body;
    }

    /// <summary>The IDs of the runs that clients started.</summary>
    public async Task<IReadOnlyList<string>> RunsAsync()
    {
        var runs = (await GetAsync("/api/runs?pageSize=1000")).GetProperty("runs");
        return [.. runs.EnumerateArray().Where(run => !run.TryGetProperty("parentInstanceId", out _)).Select(run => run.GetProperty("instanceId").GetString()!)];
    }

    private static HttpRequestMessage Start(string path, string input, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(input, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }
}
