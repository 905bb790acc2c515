using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>Live output in the event stream, beside history.</summary>
public sealed class StreamOutputTests : IAsyncLifetime
{
    private const string Step = """{"id":2,"kind":"Activity","name":"CallTool","label":"1.1 echo","status":"Completed","scheduledAt":"2026-01-31T12:00:00Z"}""";
    private readonly MemoryRunOutput output = new();
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(output: output, clock: TimeProvider.System);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Stream_TokensAndHistory_ComeInOneStreamAndEndWithTheRun()
    {
        var id = await host.StartRunAsync();
        using var reader = await EventReader.OpenAsync(host.Client, id);
        Assert.Equal("started", (await reader.NextAsync())!.Kind);
        await SayAsync(id, 0, 3);
        var tokens = await reader.ReadAsync(3);
        Assert.Equal(["token", "token", "token"], tokens.Select(t => t.Kind));
        Assert.Equal("""{"turn":1,"text":"0 "}""", tokens[0].Data);
        Assert.All(tokens, token => Assert.Matches("^1\\.[0-9]+$", token.Id));

        host.Runs.Tell(id, "step", Step, """{"value":{"a":1},"cost":{"inputTokens":1}}""");
        var (step, result) = (await reader.NextAsync(), await reader.NextAsync());
        Assert.Equal(("step", "toolResult"), (step!.Kind, result!.Kind));
        Assert.Equal($"{tokens[2].Id}.1", step.Id);
        Assert.StartsWith("2.", result.Id, StringComparison.Ordinal);
        Assert.Equal("""{"step":2,"label":"1.1 echo","status":"Completed","value":{"a":1},"cost":{"inputTokens":1}}""", result.Data);

        await SayAsync(id, 3, 1);
        host.Runs.End(id, RuntimeStatus.Completed);
        Assert.Equal(["token", "ended"], (await reader.ReadToEndAsync()).Select(e => e.Kind));
    }

    [Fact]
    public async Task Stream_ReconnectAfterEachEvent_TellsEachOnce()
    {
        var id = await host.StartRunAsync();
        await SayAsync(id, 0, 5);
        host.Runs.Tell(id, "step", Step, """{"ref":{"sha256":"00","length":3}}""");
        host.Runs.Tell(id, "step", Step.Replace("CallTool", "StreamModel", StringComparison.Ordinal), """{"head":{},"text":{"text":"Hello."},"model":"m","finishReason":"stop"}""");
        host.Runs.End(id, RuntimeStatus.Completed);
        using var whole = await EventReader.OpenAsync(host.Client, id);
        var all = await whole.ReadToEndAsync();
        Assert.Equal(["toolResult", "message", "ended"], all.Select(e => e.Kind).Where(k => k is not ("token" or "step" or "started")));
        Assert.Contains("""{"step":2,"label":"1.1 echo","status":"Completed","text":{"text":"Hello."},"model":"m","finishReason":"stop"}""", all.Select(e => e.Data));

        List<StreamedEvent> seen = [];
        while (seen is not [.., { Kind: "ended" }])
        {
            using var reader = await EventReader.OpenAsync(host.Client, id, seen.Count == 0 ? null : seen[^1].Id);
            seen.Add((await reader.NextAsync())!);
        }

        Assert.Equal(all.Where(e => e.Kind == "token").Select(e => e.Data), seen.Where(e => e.Kind == "token").Select(e => e.Data));
        Assert.Equal(all.Where(e => e.Kind != "token").Select(e => (e.Kind, e.Data)), seen.Where(e => e.Kind != "token").Select(e => (e.Kind, e.Data)));
        Assert.Equal(HttpStatusCode.NoContent, (await host.GetAsync($"/api/runs/{id}/stream", ("Last-Event-ID", seen[^1].Id))).Status);
    }

    [Fact]
    public async Task Stream_PlainHistoryId_StillResumes()
    {
        var id = await host.StartRunAsync();
        await SayAsync(id, 0, 1);
        host.Runs.Tell(id, "status", "1");
        host.Runs.End(id, RuntimeStatus.Completed);
        using var reader = await EventReader.OpenAsync(host.Client, id, "1");
        Assert.Equal(["token", "status", "ended"], (await reader.ReadToEndAsync()).Select(e => e.Kind).Order(Comparer<string>.Create((a, b) => (a == "token" ? 0 : 1) - (b == "token" ? 0 : 1))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_TenThousandTokens_TwoReadersAndAReconnectingOne_EachGetsAll(bool kestrel)
    {
        await using var other = await ApiHost.StartAsync(kestrel: kestrel, output: output, clock: TimeProvider.System);
        var id = await other.StartRunAsync();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await SayAsync(id, i * 100, 100);
                await Task.Yield();
            }

            other.Runs.End(id, RuntimeStatus.Completed);
        });
        var readers = Enumerable.Range(0, 2).Select(_ => ReadAllAsync(other, id)).ToList();
        List<StreamedEvent> seen = [];
        while (seen is not [.., { Kind: "ended" }])
        {
            using var reader = await EventReader.OpenAsync(other.Client, id, seen.Count == 0 ? null : seen[^1].Id);
            seen.AddRange(await reader.ReadAsync(1700));
        }

        await writing;
        var expected = Enumerable.Range(0, 10_000).Select(i => $$"""{"turn":1,"text":"{{i}} "}""");
        foreach (var events in (await Task.WhenAll(readers)).Append(seen))
        {
            Assert.Equal(expected, events.Where(e => e.Kind == "token").Select(e => e.Data));
            Assert.DoesNotContain(events, e => e.Kind is "gap" or "error");
        }
    }

    [Fact]
    public async Task Stream_ReaderSlowerThanTheBound_HearsOfTheGap()
    {
        var small = new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = 1024 });
        await using var other = await ApiHost.StartAsync(output: small, clock: TimeProvider.System);
        var id = await other.StartRunAsync();
        await SayAsync(id, 0, 1, small);
        using var reader = await EventReader.OpenAsync(other.Client, id);
        var first = await reader.ReadAsync(2);
        reader.Dispose();
        await SayAsync(id, 1, 500, small);
        other.Runs.End(id, RuntimeStatus.Completed);

        using var late = await EventReader.OpenAsync(other.Client, id, first[^1].Id);
        var events = await late.ReadToEndAsync();
        Assert.Equal("gap", events[0].Kind);
        Assert.Equal("""{"turn":1,"text":"500 "}""", events.Last(e => e.Kind == "token").Data);
        Assert.Equal("ended", events[^1].Kind);
    }

    [Fact]
    public async Task Stream_StoreFails_HistoryGoesOnAndTheGapIsTold()
    {
        await using var other = await ApiHost.StartAsync(output: new BrokenOutput(), clock: TimeProvider.System);
        var id = await other.StartRunAsync();
        other.Runs.Tell(id, "status", "1");
        other.Runs.End(id, RuntimeStatus.Completed);
        using var reader = await EventReader.OpenAsync(other.Client, id);
        Assert.Equal(["started", "status", "gap", "ended"], (await reader.ReadToEndAsync()).Select(e => e.Kind));
    }

    [Theory]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.10")]
    [InlineData("1.-2")]
    [InlineData("1.99999999999999999999")]
    public async Task Stream_IdThatIsNone_IsRefused(string text)
    {
        var answer = await host.GetAsync($"/api/runs/{await host.StartRunAsync()}/stream", ("Last-Event-ID", text));
        Assert.Contains($"'{text}'", answer.Problem(400, "invalid-request"), StringComparison.Ordinal);
    }

    private static async Task<List<StreamedEvent>> ReadAllAsync(ApiHost host, string id)
    {
        using var reader = await EventReader.OpenAsync(host.Client, id);
        return await reader.ReadToEndAsync();
    }

    private async Task SayAsync(string id, int from, int count, IRunOutput? to = null)
    {
        for (var i = from; i < from + count; i++)
        {
            await (to ?? output).AppendAsync(id, RunOutputKinds.Token, JsonElement.Parse($$"""{"turn":1,"text":"{{i}} "}"""), CancellationToken.None);
        }
    }

    private sealed class BrokenOutput : IRunOutputStore, IRunOutputReader
    {
        public ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken) => throw new IOException("broken");

        public IRunOutputReader OpenReader(string instanceId, RunOutputStart from) => this;

        public ValueTask<RunOutputPage> ReadAsync(CancellationToken cancellationToken) => throw new IOException("broken");

        public Task WaitAsync(CancellationToken cancellationToken) => throw new IOException("broken");

        public ValueTask RemoveAsync(string instanceId, CancellationToken cancellationToken) => throw new IOException("broken");

        public void Dispose()
        {
        }
    }
}
