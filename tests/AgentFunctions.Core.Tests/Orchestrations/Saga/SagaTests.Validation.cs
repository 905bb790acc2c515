using System.Text.Json;

namespace AgentFunctions.Core.Tests.Orchestrations.Saga;

/// <summary>Inputs that are refused.</summary>
public sealed partial class SagaTests
{
    [Theory]
    [InlineData("""{"steps":[]}""", "steps", "There are 0 steps. Send 1 to 100.")]
    [InlineData("""{"steps":[null]}""", "steps[0]", "The step is null.")]
    [InlineData("""{"steps":[{"key":"a:b","tool":"t"}]}""", "steps[0].key", "The key 'a:b' has other characters than letters, digits, _ and -")]
    [InlineData("""{"steps":[{"key":"a.b","tool":"t"}]}""", "steps[0].key", "The key 'a.b' has other characters than letters, digits, _ and -")]
    [InlineData("""{"steps":[{"key":"a","tool":"t"},{"key":"a","tool":""}]}""", "steps[1].tool", "The tool's name has 0 characters.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","timeout":"00:00:00"}]}""", "steps[0].timeout", "The timeout is 00:00:00.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":[1]}]}""", "steps[0].arguments", "The arguments are of kind Array.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"a.id"}}}]}""", "steps[0].arguments", "'a.id' is asked for, but 'a' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":"see {{z.id}}"}}]}""", "steps[0].arguments", "'z.id' is asked for, but 'z' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"/id"}}}]}""", "steps[0].arguments", "{\"$value\":\"/id\"} is no placeholder.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"b.id","default":1}}},{"key":"b","tool":"t"}]}""", "steps[0].arguments", "'b.id' is asked for, but 'b' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","compensation":{"tool":"u","safeIfUnknown":true,"arguments":{"x":{"$value":"a.id"}}}}]}""", "steps[0].compensation.arguments", "'a.id' is of the step's own answer")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","compensation":{"tool":"u","arguments":{"x":{"$value":"b.id"}}}},{"key":"b","tool":"t"}]}""", "steps[0].compensation.arguments", "'b.id' is asked for, but 'b' is no earlier step. Begin the path with the key of an earlier step, or of the step that is undone.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","retry":{"maxAttempts":0}}]}""", "steps[0].retry", "MaxAttempts is 0. It must be 1 to 100.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t"}],"parkFor":"00:00:00"}""", "parkFor", "parkFor is 00:00:00.")]
    public void Validate_WrongInput_NamesPathValueAndRemedy(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("Saga").Validate(JsonElement.Parse(input), world.Json).ByPath;
        Assert.True(errors.TryGetValue(path, out var messages), string.Join("; ", errors.Keys));
        Assert.Contains(messages, it => it.StartsWith(message, StringComparison.Ordinal));
    }
}
