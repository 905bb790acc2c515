using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentLoopInputTests
{
    private readonly ScriptedWorld world = new();

    [Theory]
    [InlineData("""{"task":{}}""", "task", "The task has neither 'text' nor 'ref'.")]
    [InlineData("""{"task":{"text":" "}}""", "task.text", "The task is empty.")]
    [InlineData("""{"task":{"ref":{"sha256":"x","length":1}}}""", "task.ref", "'x' with length 1 is no content address.")]
    [InlineData("""{"task":{"text":"t"},"model":""}""", "model", "The model is empty.")]
    [InlineData("""{"task":{"text":"t"},"tools":["a","","a"]}""", "tools[1]", "The tool's name is empty.")]
    [InlineData("""{"task":{"text":"t"},"tools":["a","a"]}""", "tools[1]", "The tool 'a' is also tools[0].")]
    [InlineData("""{"task":{"text":"t"},"session":" "}""", "session", "' ' has 1 characters.")]
    [InlineData("""{"task":{"text":"t"},"session":"a\nb"}""", "session", "It has a control character.")]
    [InlineData("""{"task":{"text":"t"},"agent":""}""", "agent", "'' has 0 characters.")]
    [InlineData("""{"task":{"text":"t"},"maxTurns":0}""", "maxTurns", "maxTurns is 0. It must be 1 to 1,000.")]
    [InlineData("""{"task":{"text":"t"},"maxTurns":1001}""", "maxTurns", "maxTurns is 1001.")]
    [InlineData("""{"task":{"text":"t"},"maxTokens":0}""", "maxTokens", "maxTokens is 0.")]
    [InlineData("""{"task":{"text":"t"},"maxCostUsd":0}""", "maxCostUsd", "maxCostUsd is 0.")]
    [InlineData("""{"task":{"text":"t"},"maxDuration":"00:00:00"}""", "maxDuration", "maxDuration is 00:00:00.")]
    [InlineData("""{"task":{"text":"t"},"maxDuration":"8.00:00:00"}""", "maxDuration", "maxDuration is 8.00:00:00.")]
    [InlineData("""{"task":{"text":"t"},"maxParallelTools":101}""", "maxParallelTools", "maxParallelTools is 101.")]
    [InlineData("""{"task":{"text":"t"},"toolTimeout":"1.00:00:01"}""", "toolTimeout", "toolTimeout is 1.00:00:01.")]
    [InlineData("""{"task":{"text":"t"},"maxOutputTokens":0}""", "maxOutputTokens", "maxOutputTokens is 0.")]
    [InlineData("""{"task":{"text":"t"},"temperature":2.5}""", "temperature", "temperature is 2.5.")]
    [InlineData("""{"task":{"text":"t"},"speculationThreshold":0.4}""", "speculationThreshold", "speculationThreshold is 0.4.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message) =>
        Assert.StartsWith(message, Assert.Contains(path, Errors(input))[0], StringComparison.Ordinal);

    [Fact]
    public void Validate_LongInstructions_AreRefused() => Assert.Contains("8001 characters", Errors($$"""{"task":{"text":"t"},"instructions":"{{new string('i', 8001)}}"}""")["instructions"][0], StringComparison.Ordinal);

    [Fact]
    public void Validate_EveryMistake_IsReported() => Assert.Equal(3, Errors("""{"task":{},"maxTurns":0,"temperature":-1}""").Count);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"task":"text"}""")]
    [InlineData("""{"task":{"text":"t"},"turns":3}""")]
    public void Validate_DoesNotFit_IsAJsonError(string input) => Assert.Throws<JsonException>(() => Errors(input));

    [Theory]
    [InlineData(2047, true)]
    [InlineData(2048, false)]
    public async Task PrepareAsync_LongTask_IsStored(int length, bool isInline)
    {
        var input = new AgentLoopInput { Task = new Content { Text = new string('t', length) } };

        var prepared = await new AgentLoopOrchestrator().PrepareAsync(input, new MemoryContentStore(), CancellationToken.None);

        Assert.Equal(isInline, prepared.Task.Text is not null);
        Assert.Equal(isInline ? null : length, prepared.Task.Ref?.Length);
    }

    private IReadOnlyDictionary<string, string[]> Errors(string input) => world.Catalog.Orchestrator("AgentLoop").Validate(JsonDocument.Parse(input).RootElement, world.Json).ByPath;
}
