using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class ApplyToolActivityTests
{
    private readonly MemoryContentStore store = new();
    private readonly List<string?> keys = [];

    [Fact]
    public async Task RunAsync_InlineItem_IsFilledIn()
    {
        var reply = await ApplyAsync("echo", """{"value":{"a":{"$value":"item.x"},"b":1}}""", new() { Value = JsonElement.Parse("""{"x":[1,2]}""") });
        Assert.Equal("""{"a":[1,2],"b":1}""", reply.Item.Value.ToString());
    }

    [Fact]
    public async Task RunAsync_StoredItem_IsReadAsJsonOrText()
    {
        var json = await store.PutAsync("""{"x":"7"}"""u8.ToArray(), default);
        Assert.Equal("7", (await ApplyAsync("echo", """{"value":{"$value":"item.x"}}""", new() { Ref = json })).Item.Value.ToString());
        Assert.Equal("""{"x":"7"}""", (await ApplyAsync("echo", """{"value":{"$value":"item"}}""", new() { Ref = json, IsText = true })).Item.Value!.Value.GetString());
    }

    [Fact]
    public async Task RunAsync_LongAnswer_IsStored()
    {
        var reply = await ApplyAsync("echo", """{"value":{"$value":"item"}}""", new() { Value = JsonElement.Parse($"\"{new string('x', 3_000)}\"") });
        Assert.Null(reply.Item.Value);
        Assert.Equal(3_002, reply.Item.Ref!.Length);
    }

    [Fact]
    public async Task RunAsync_NoArguments_TakesTheItemAsThem()
    {
        Assert.Equal("5", (await ApplyAsync("echo", null, new() { Value = JsonElement.Parse("""{"value":5}""") })).Item.Value.ToString());
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => ApplyAsync("echo", null, new() { Value = JsonElement.Parse("5") }));
        Assert.Contains("The item is a JSON Number, and the stage of tool 'echo' has no arguments.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"value":"{{item.x.0}}|{{item.t}}|{{item}}"}""", """1|a "b"|{"x":[1,2],"t":"a \"b\""}""")]
    [InlineData("""{"value":{"$value":"item.no","default":"{{item.t}}"}}""", "a \"b\"")]
    public async Task RunAsync_TextsAndDefaults_AreFilledIn(string arguments, string expected) =>
        Assert.Equal(expected, (await ApplyAsync("echo", arguments, new() { Value = JsonElement.Parse("""{"x":[1,2],"t":"a \"b\""}""") })).Item.Value.ToString());

    [Theory]
    [InlineData("""{"value":{"$value":"item.no"}}""", "The item has no value at 'item.no'.")]
    [InlineData("""{"value":"{{item.x.y}}"}""", "The item has no value at 'item.x.y'.")]
    [InlineData("""{"value":{"$value":"other"}}""", "'other' is asked for, but a stage knows only its item.")]
    [InlineData("""{"value":{"$value":7}}""", "The arguments of the tool 'echo' can't be filled in: {\"$value\":7} is no placeholder.")]
    public async Task RunAsync_NoSuchValue_IsPermanentAndSaysWhich(string arguments, string message)
    {
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => ApplyAsync("echo", arguments, new() { Value = JsonElement.Parse("""{"x":[1]}""") }));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_IdempotencyKey_ReachesTheTool()
    {
        await ApplyAsync("keyed", "{}", new() { Value = JsonElement.Parse("1") }, "run:1:stage");
        Assert.Equal(["run:1:stage"], keys);
    }

    [Fact]
    public async Task CallTool_WithoutAKey_GivesTheCallsOwn()
    {
        await Tool().RunAsync(new ActivityContext("run", "CallTool", 4), new ToolCall { Tool = "keyed" }, default);
        Assert.Equal(["run:4"], keys);
    }

    private Task<ItemReply> ApplyAsync(string tool, string? arguments, ItemValue item, string? key = null) => new ApplyToolActivity(Tool(), store).RunAsync(
        new ActivityContext("run", "ApplyTool", 1),
        new ItemCall { Tool = tool, Arguments = arguments is null ? null : JsonElement.Parse(arguments), Item = item, IdempotencyKey = key },
        default);

    private CallToolActivity Tool()
    {
        var keyed = AIFunctionFactory.Create((AIFunctionArguments arguments) => keys.Add(arguments.IdempotencyKey()), "keyed");
        return new(new ToolRegistry([new EchoTool(), keyed]), store);
    }
}
