using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>Stands in for ToolFanOut: the same input, by name and shape, so that the table of malformed requests fits the real host too.</summary>
public sealed record SampleInput
{
    public required IReadOnlyList<SampleCall> Calls { get; init; }

    public TimeSpan? BranchTimeout { get; init; }

    public string? Quorum { get; init; }

    public IReadOnlyList<string> Critical { get; init; } = [];

    public int MaxParallel { get; init; } = 50;

    public SampleMode Mode { get; init; }

    public ContentRef? Attachment { get; init; }
}

public sealed record SampleCall(string Key, string Tool, JsonElement? Arguments = null);

public enum SampleMode
{
    Plain,
    Careful,
}

public sealed record SampleResult(bool Complete, IReadOnlyList<string> Keys);

/// <summary>An input that holds itself, as task graphs do.</summary>
public sealed record TreeInput(string Name, IReadOnlyList<TreeInput>? Children = null, IReadOnlyDictionary<string, int>? Weights = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleInput))]
[JsonSerializable(typeof(SampleResult))]
[JsonSerializable(typeof(TreeInput))]
internal sealed partial class SampleJsonContext : JsonSerializerContext;

internal sealed class SampleOrchestrator : Orchestrator<SampleInput, SampleResult>
{
    public override Task<SampleResult> RunAsync(OrchestrationContext context, SampleInput input) => throw new NotSupportedException("The fake engine runs nothing.");

    public override void Validate(SampleInput input, InputErrors errors)
    {
        errors.AddIf(input.Calls.Any(call => call.Tool == "explode"), "calls[0].tool", "There is no tool 'explode'. There are: echo.");
        if (input.Quorum == "bug")
        {
            throw new InvalidOperationException("secret: a defect in Validate");
        }
    }

    public override async ValueTask<SampleInput> PrepareAsync(SampleInput input, IContentStore content, CancellationToken cancellationToken)
    {
        if (input.Attachment is { } attachment)
        {
            await content.GetAsync(attachment, cancellationToken);
        }

        return input;
    }
}

internal sealed class TreeOrchestrator : Orchestrator<TreeInput, SampleResult>
{
    public override Task<SampleResult> RunAsync(OrchestrationContext context, TreeInput input) => throw new NotSupportedException("The fake engine runs nothing.");
}

internal sealed class MemoryContent : IContentStore
{
    private readonly ConcurrentDictionary<ContentRef, ReadOnlyMemory<byte>> values = [];

    public Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var address = ContentRef.Of(value.Span);
        values[address] = value;
        return Task.FromResult(address);
    }

    public Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken) =>
        values.TryGetValue(content, out var value) ? Task.FromResult(value) : throw new ContentNotFoundException(content);

    public Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken) => Task.FromResult(values.ContainsKey(content));
}

internal static class Samples
{
    public const string Body = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}]}""";

    public static Catalog Catalog { get; } = new CatalogBuilder()
        .AddJson(SampleJsonContext.Default)
        .AddOrchestrator(new OrchestratorReference<SampleInput, SampleResult>("ToolFanOut"), new SampleOrchestrator())
        .AddOrchestrator(new OrchestratorReference<TreeInput, SampleResult>("Tree"), new TreeOrchestrator())
        .AddOrchestrator(new OrchestratorReference<SampleInput, SampleResult>("ToolFanOutPart"), new SampleOrchestrator(), isInternal: true)
        .Build();
}
