using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;
using Moq;

namespace AgentFunctions.Core.Tests.Results;

public sealed class PublishResultActivityTests
{
    private static readonly ActivityContext Context = new("run-1", "PublishResult", 7);
    private readonly List<ResultEvent> published = [];
    private readonly MemoryContentStore store = new();
    private readonly Mock<IResultPublisher> publisher = new();
    private readonly PublishResultActivity activity;

    public PublishResultActivityTests()
    {
        publisher.Setup(p => p.PublishAsync(Capture.In(published), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        activity = new PublishResultActivity(publisher.Object, store, new ResultOptions());
    }

    [Fact]
    public async Task Run_TwiceForOneCall_PublishesOneIdAndOneBody()
    {
        await activity.RunAsync(Context, Result(10), CancellationToken.None);
        await activity.RunAsync(Context with { CallId = 8 }, Result(10), CancellationToken.None);
        Assert.Equal(published[0].Id, published[1].Id);
        Assert.True(published[0].Body.Span.SequenceEqual(published[1].Body.Span));
    }

    [Theory]
    [InlineData(PublishResultActivity.InlineBytes - 2, 0)]
    [InlineData(PublishResultActivity.InlineBytes - 1, 1)]
    public async Task Run_LongOutput_IsStoredAndPublishedAsItsAddress(int characters, int stored)
    {
        await activity.RunAsync(Context, Result(characters), CancellationToken.None);
        Assert.Equal(stored, store.Count);
        var sent = Assert.Single(published);
        Assert.InRange(sent.Body.Length, 1, 256 * 1000);
        var data = JsonElement.Parse(sent.Body.Span).GetProperty("data");
        Assert.Equal(stored == 1, data.TryGetProperty("outputRef", out _));
        Assert.Equal(stored == 0, data.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Run_PublisherFails_FailsTheActivity()
    {
        publisher.Setup(p => p.PublishAsync(It.IsAny<ResultEvent>(), It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("down"));
        await Assert.ThrowsAsync<IOException>(() => activity.RunAsync(Context, Result(1), CancellationToken.None));
    }

    [Fact]
    public async Task Catalog_PublishResult_RunsOverJsonWithoutATopic()
    {
        var log = new Mock<ILogger<SilentResultPublisher>>();
        log.Setup(l => l.IsEnabled(LogLevel.Information)).Returns(true);
        var services = new Mock<IServiceProvider>();
        services.Setup(s => s.GetService(typeof(IResultPublisher))).Returns(new SilentResultPublisher(log.Object));
        services.Setup(s => s.GetService(typeof(IContentStore))).Returns(store);
        services.Setup(s => s.GetService(typeof(ResultOptions))).Returns(new ResultOptions());
        var catalog = AgentFunctionsCatalog.Create();
        var input = DurableJson.Write(Result(5), catalog.Json);
        for (var i = 0; i < 3; i++)
        {
            var output = await catalog.Activities["PublishResult"].RunAsync(services.Object, Context, input, catalog.Json, CancellationToken.None);
            Assert.Equal("true"u8.ToArray(), output.ToArray());
        }

        Assert.Single(log.Invocations, call => call.Method.Name == nameof(ILogger.Log));
    }

    private static RunResult Result(int characters) => new()
    {
        InstanceId = "run-1",
        Orchestrator = "X",
        Status = RuntimeStatus.Completed,
        Time = DateTimeOffset.UnixEpoch,
        Output = JsonElement.Parse($"\"{new string('x', characters)}\""),
    };
}
