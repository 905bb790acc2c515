using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Core.Tests.Results;

public sealed class CloudEventsTests
{
    private static readonly Uri Source = new("https://agents.example.com/api/runs");
    private static readonly RunResult Completed = new()
    {
        InstanceId = "run-1",
        Orchestrator = "MapReduce",
        Status = RuntimeStatus.Completed,
        Time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 7, TimeSpan.FromHours(1)),
        Output = JsonElement.Parse("""{"answer":"é \"quoted\""}"""),
    };

    [Fact]
    public void Of_Completed_IsACloudEventInStructuredJson()
    {
        var written = CloudEvents.Of(Completed, null, Source, ResultsJson.Options);
        var json = JsonElement.Parse(written.Body.Span);
        Assert.Equal("1.0", Text(json, "specversion"));
        Assert.Equal("run-1/20260203T0305060070000Z", Text(json, "id"));
        Assert.Equal("https://agents.example.com/api/runs", Text(json, "source"));
        Assert.Equal("agentfunctions.run.completed", Text(json, "type"));
        Assert.Equal("run-1", Text(json, "subject"));
        Assert.Equal("2026-02-03T03:05:06.007Z", Text(json, "time"));
        Assert.Equal("application/json", Text(json, "datacontenttype"));
        var data = json.GetProperty("data");
        Assert.Equal(["instanceId", "orchestrator", "status", "output"], data.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Completed", Text(data, "status"));
        Assert.Equal("é \"quoted\"", Text(data.GetProperty("output"), "answer"));
        Assert.Equal(("run-1/20260203T0305060070000Z", "agentfunctions.run.completed", "run-1"), (written.Id, written.Type, written.Subject));
    }

    [Fact]
    public void Of_TheSameResult_IsTheSameBytes() =>
        Assert.True(CloudEvents.Of(Completed, null, Source, ResultsJson.Options).Body.Span.SequenceEqual(CloudEvents.Of(Completed with { }, null, Source, ResultsJson.Options).Body.Span));

    [Fact]
    public void Of_ARestartInPlace_IsAnotherEvent() =>
        Assert.NotEqual(CloudEvents.Of(Completed, null, Source, ResultsJson.Options).Id, CloudEvents.Of(Completed with { Time = Completed.Time.AddTicks(1) }, null, Source, ResultsJson.Options).Id);

    [Fact]
    public void Of_OutputElsewhere_CarriesItsAddressAlone()
    {
        var data = JsonElement.Parse(CloudEvents.Of(Completed, ContentRef.Of("x"u8), Source, ResultsJson.Options).Body.Span).GetProperty("data");
        Assert.False(data.TryGetProperty("output", out _));
        Assert.Equal(ContentRef.Of("x"u8).Sha256, Text(data.GetProperty("outputRef"), "sha256"));
    }

    [Fact]
    public void Of_Failed_CarriesTheFailureCutToASizeThatFits()
    {
        var failure = new FailureDetails { Type = "IOException", Message = new string('x', CloudEvents.MostMessageCharacters - 1) + "😀" + new string('y', 100_000), RetryAfter = TimeSpan.FromSeconds(3) };
        var written = CloudEvents.Of(Completed with { Status = RuntimeStatus.Failed, Output = null, Failure = failure }, null, Source, ResultsJson.Options);
        var shown = JsonElement.Parse(written.Body.Span).GetProperty("data").GetProperty("failure");
        Assert.Equal("agentfunctions.run.failed", written.Type);
        Assert.Equal(new string('x', CloudEvents.MostMessageCharacters - 1) + "…", Text(shown, "message"));
        Assert.Equal("00:00:03.000", Text(shown, "retryAfter"));
    }

    [Fact]
    public void Of_LongestInstanceId_HasAnIdThatABrokerTakes() => Assert.InRange(CloudEvents.Of(Completed with { InstanceId = new string('i', 100) }, null, Source, ResultsJson.Options).Id.Length, 1, 128);

    [Theory]
    [InlineData("", "X", RuntimeStatus.Completed, "instanceId")]
    [InlineData("run", "", RuntimeStatus.Completed, "orchestrator")]
    [InlineData("run", "X", RuntimeStatus.Running, "Running")]
    public void Of_NoResult_IsRefused(string id, string orchestrator, RuntimeStatus status, string says) =>
        Assert.Contains(says, Assert.Throws<PermanentFailureException>(() => CloudEvents.Of(Completed with { InstanceId = id, Orchestrator = orchestrator, Status = status }, null, Source, ResultsJson.Options)).Message, StringComparison.Ordinal);

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();
}
