using System.Text.Json.Serialization;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.CommandLine;

internal sealed record GreetInput
{
    public required string Name { get; init; }
}

internal sealed record PaperInput
{
    public required string Task { get; init; }

    public required IReadOnlyList<Paper> Documents { get; init; }
}

internal sealed record Paper(string Id, string Text);

/// <summary>Validates, and never runs: the command line only starts it.</summary>
internal sealed class Greet : Orchestrator<GreetInput, string>
{
    public override Task<string> RunAsync(OrchestrationContext context, GreetInput input) => throw new NotSupportedException("Command line tests run no engine.");

    public override void Validate(GreetInput input, InputErrors errors)
    {
        errors.AddIf(input.Name.Length == 0, "name", "is empty. Say whom to greet.");
        errors.AddIf(input.Name.Length == 0, "name", "has no letter.");
    }

    public override ValueTask<GreetInput> PrepareAsync(GreetInput input, IContentStore content, CancellationToken cancellationToken) =>
        ValueTask.FromResult(input with { Name = input.Name + " (prepared)" });
}

/// <summary>Stands in for the real one by its input's shape.</summary>
internal sealed class Papers : Orchestrator<PaperInput, string>
{
    public override Task<string> RunAsync(OrchestrationContext context, PaperInput input) => throw new NotSupportedException("Command line tests run no engine.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GreetInput))]
[JsonSerializable(typeof(PaperInput))]
internal sealed partial class SampleJsonContext : JsonSerializerContext;
