using System.Net;
using System.Text.Json;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>
/// Sends every malformed request of the table to a host: each must get a 4xx problem whose detail helps, must start nothing, and must leave the
/// host alive. Derive from it once for each host.
/// </summary>
public abstract class MalformedRequestsSuite
{
    public static TheoryData<string> Names => new(MalformedRequests.All.Keys);

    /// <summary>The host's limit of a body's bytes. Default: 8 MiB.</summary>
    protected virtual long MaxBodyBytes => 8L * 1024 * 1024;

    /// <summary>A client whose base address is the host's.</summary>
    protected abstract Task<HttpClient> ClientAsync();

    [Fact]
    public void Table_OfMalformedRequests_HasAtLeastSixty() => Assert.InRange(MalformedRequests.All.Count, 60, int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_Malformed_IsRefusedWithAUsefulProblemAndTheHostLives(string name)
    {
        var malformed = MalformedRequests.All[name];
        var client = await ClientAsync();
        var before = await RunsAsync(client);

        using var request = malformed.ToRequest(MaxBodyBytes);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.True((int)response.StatusCode == malformed.Status, $"Expected {malformed.Status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        AssertUseful(malformed, JsonElement.Parse(text));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AgentFunctions.", text, StringComparison.Ordinal);

        using var health = await client.GetAsync("/api/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(before, await RunsAsync(client));
    }

    private static void AssertUseful(MalformedCase malformed, JsonElement problem)
    {
        Assert.Equal(malformed.Status, problem.GetProperty("status").GetInt32());
        Assert.Contains('#', problem.GetProperty("type").GetString()!);
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.Equal(Uri.UnescapeDataString(malformed.Path.Split('?')[0]), Uri.UnescapeDataString(problem.GetProperty("instance").GetString()!));
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.InRange(detail.Length, 20, 2000);
        Assert.All(malformed.Says, said => Assert.Contains(said, detail, StringComparison.Ordinal));
    }

    private static async Task<int> RunsAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/api/runs?pageSize=1000");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("runs").GetArrayLength();
    }
}
