using System.Text.Json;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class ToolTraitsTests
{
    private static readonly AIFunction plain = AIFunctionFactory.Create((int number) => number, "plain");

    [Fact]
    public void Find_ToolThatSaysNothing_IsUnsafeWithTheDefaultTimeout() =>
        Assert.Equal(new ToolDescription("plain", ToolEffect.Unsafe, TimeSpan.FromMinutes(15)), Find(plain).Description);

    [Fact]
    public void Find_BuiltInTool_IsReadOnly() => Assert.Equal(ToolEffect.ReadOnly, Find(new EchoTool()).Description.Effect);

    [Fact]
    public void Find_ToolWithTraits_HasThem()
    {
        var tool = Find(plain.With(ToolEffect.Idempotent, TimeSpan.FromSeconds(3), "7"));
        Assert.Equal(new ToolDescription("plain", ToolEffect.Idempotent, TimeSpan.FromSeconds(3)), tool.Description);
        Assert.Equal("7", tool.Version);
    }

    [Fact]
    public void Find_ConfiguredTool_HasWhatWasSetAndKeepsTheRest()
    {
        var options = new ToolOptions { Traits = { ["plain"] = new ToolTraitOptions { Effect = ToolEffect.ReadOnly } } };
        Assert.Equal(new ToolDescription("plain", ToolEffect.ReadOnly, TimeSpan.FromSeconds(3)), Find(plain.With(ToolEffect.Unsafe, TimeSpan.FromSeconds(3)), options).Description);
    }

    [Fact]
    public void With_TimeoutOutOfRange_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => plain.With(ToolEffect.ReadOnly, TimeSpan.Zero));

    [Fact]
    public void Registry_TraitOfAnotherKind_IsRefusedByName()
    {
        var tool = AIFunctionFactory.Create(() => 1, new AIFunctionFactoryOptions { Name = "odd", AdditionalProperties = new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = "sometimes" } });
        Assert.Contains("'odd' is 'sometimes'", Assert.Throws<ArgumentException>(() => new ToolRegistry([tool])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_SchemaWithARemoteReference_IsRefusedByName()
    {
        var error = Assert.Throws<ArgumentException>(() => new ToolRegistry([new SchemaTool("""{"properties":{"a":{"$ref":"https://example.com/a.json"}}}""")]));
        Assert.Contains("'schemed'", error.Message, StringComparison.Ordinal);
        Assert.Contains("never fetched", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_TraitsOutOfRange_AreNamed()
    {
        var options = new ToolOptions { Timeout = TimeSpan.FromDays(2), Traits = { ["a"] = new ToolTraitOptions { Timeout = TimeSpan.Zero, Effect = (ToolEffect)9 } } };
        var failures = new ToolOptionsValidation().Validate(name: null, options).Failures!.ToList();
        Assert.Contains(failures, failure => failure.StartsWith("Tools:Timeout is 2.00:00:00.", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Tools:Traits:a:Timeout is 00:00:00.", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.StartsWith("Tools:Traits:a:Effect is 9.", StringComparison.Ordinal));
    }

    private static RegisteredTool Find(AIFunction tool, ToolOptions? options = null) => new ToolRegistry([tool], Options.Create(options ?? new ToolOptions())).Find(tool.Name);

    private sealed class SchemaTool(string schema) : AIFunction
    {
        public override string Name => "schemed";

        public override JsonElement JsonSchema { get; } = JsonDocument.Parse(schema).RootElement;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new((object?)null);
    }
}
