using System.Text;
using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace AgentFunctions.App.Tests.Triggers;

/// <summary>The app's own services over a Durable Functions client that a test scripts.</summary>
internal sealed class AppFixture : IDisposable
{
    private readonly ServiceProvider services;

    public AppFixture() =>
        services = new ServiceCollection().AddLogging().AddAgentFunctionsApp(AppServices.CreateCatalog(), new ConfigurationBuilder().Build()).AddSingleton(Cache.Object).BuildServiceProvider();

    public Mock<ICacheControl> Cache { get; } = new();

    public Mock<DurableTaskClient> Client { get; } = Knowing(new Mock<DurableEntityClient>("test").Object);

    public FunctionsApi Api => services.GetRequiredService<FunctionsApi>();

    public FunctionsActivities Activities => services.GetRequiredService<FunctionsActivities>();

    private static Mock<DurableTaskClient> Knowing(DurableEntityClient entities)
    {
        var client = new Mock<DurableTaskClient>("test") { CallBase = true };
        client.Setup(c => c.Entities).Returns(entities);
        return client;
    }

    /// <summary>A run that Durable Functions knows.</summary>
    public void Knows(string instanceId, OrchestrationRuntimeStatus status, string input = "1", string? output = null) =>
        Client.Setup(c => c.GetInstancesAsync(instanceId, It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(Run(instanceId, status, input, output));

    public static OrchestrationMetadata Run(string instanceId, OrchestrationRuntimeStatus status, string input = "1", string? output = null) => new("ToolFanOut", instanceId)
    {
        RuntimeStatus = status,
        CreatedAt = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
        LastUpdatedAt = new DateTimeOffset(2026, 1, 31, 12, 0, 5, TimeSpan.Zero),
        SerializedInput = input,
        SerializedOutput = output,
    };

    public static HttpRequest Request(string method, string path, string? body = null)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "https", new HostString("app.example"));
        var parts = path.Split('?', 2);
        request.Path = parts[0];
        request.QueryString = parts.Length > 1 ? new QueryString("?" + parts[1]) : default;
        if (body is not null)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            (request.Body, request.ContentType, request.ContentLength) = (new MemoryStream(bytes), "application/json", bytes.Length);
        }

        return request;
    }

    /// <summary>Sends an answer and reads it.</summary>
    public static async Task<(int Status, JsonElement Body)> AnswerAsync(HttpRequest request, Task<IResult> result)
    {
        var context = request.HttpContext;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await (await result).ExecuteAsync(context);
        return (context.Response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body.ToArray()));
    }

    public void Dispose() => services.Dispose();
}
