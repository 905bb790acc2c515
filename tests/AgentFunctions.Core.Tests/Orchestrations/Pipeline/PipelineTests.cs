using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.Pipeline;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Pipeline;

public sealed class PipelineTests
{
    private readonly ScriptedWorld world = new();
    private readonly List<ItemCall> calls = [];
    private readonly Dictionary<string, Func<ScriptedCall<ItemCall>, Scripted<ItemReply>>> tools = new() { ["a"] = _ => Made(10), ["b"] = _ => Made(10), ["c"] = _ => Made(10) };

    public PipelineTests() => world.Activity(ActivityReferences.ApplyTool, call =>
    {
        calls.Add(call.Input);
        var script = tools[call.Input.Tool](call);

        // Unless the test says otherwise, a tool writes its name around the item.
        return script.Value is { Item: { Value: null, Ref: null } } made
            ? script with { Value = made with { Item = new() { Value = JsonSerializer.SerializeToElement($"{call.Input.Tool}({call.Input.Item.Value})") } } }
            : script;
    });

    [Fact]
    public void RunAsync_Items_FlowThroughStagesThatOverlap()
    {
        tools["b"] = _ => Made(30);
        var run = Run(20, Stage("a", 1), Stage("b", 1), Stage("c", 1));
        var result = run.Ended();
        Assert.True(result.Complete);

        // The slowest stage alone takes 600 ms; the first item comes to it after 10, the last leaves the next 10 after it.
        Assert.Equal(620, run.Elapsed.TotalMilliseconds);
        Assert.Equal([200d, 600, 200], result.Stages.Select(stage => stage.Busy.TotalMilliseconds));
        Assert.Equal((20, 20), (result.Stages[1].Started, result.Stages[1].Succeeded));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), result.Items.Select(item => item.Key));
        Assert.All(result.Items, item => Assert.Equal((BranchStatus.Succeeded, null), (item.Status, item.Stage)));
        Assert.Equal("\"c(b(a(19)))\"", result.Items[19].Value!.Value.GetRawText());
        Assert.Equal(new Cost(60, 0, 0), result.Cost);
        Assert.Equal("run:19:c", calls[^1].IdempotencyKey);
    }

    [Fact]
    public void RunAsync_SlowSecondStage_HoldsTheFirstBack()
    {
        tools["b"] = _ => Made(1000);
        var result = Run(20, Stage("a", 10), Stage("b", 1) with { Buffer = 2 }).Ended();
        Assert.True(result.Complete);
        var firstStage = world.Log.Where(line => line.Contains("/a ", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();

        // Two begin at once, and a third as soon as one of them is in the second stage; each further one when that stage has taken one more.
        Assert.Equal([0d, 0, 10, 1010, 2010], firstStage.Take(5));
    }

    [Fact]
    public void RunAsync_Parallelism_IsReachedAndNotPassed()
    {
        var run = Run(40, Stage("a", 4), Stage("b", 8));
        Assert.True(run.Ended().Complete);
        Assert.Equal(110, run.Elapsed.TotalMilliseconds);
        Assert.Equal(8, world.MostRunning["ApplyTool"]);
    }

    [Fact]
    public void RunAsync_AnItemFails_TheOthersGoOn()
    {
        tools["b"] = call => call.Input.Item.Value.ToString() == "a(3)" ? Fails<ItemReply>(5, new PermanentFailureException("no 3")) : Made(10);
        var result = Run(6, Stage("a", 2), Stage("b", 2)).Ended();
        Assert.False(result.Complete);
        Assert.Null(result.StoppedBy);
        Assert.Equal((BranchStatus.Failed, "b", "no 3", "a(3)"), (result.Items[3].Status, result.Items[3].Stage, result.Items[3].Error!.Message, result.Items[3].Value.ToString()));
        Assert.Equal(5, result.Items.Count(item => item.Status == BranchStatus.Succeeded));
        Assert.Equal((6, 5), (result.Stages[1].Started, result.Stages[1].Succeeded));
    }

    [Fact]
    public void RunAsync_OnErrorStop_KeepsWhatCameThroughAndGivesUpTheRest()
    {
        tools["b"] = call => call.Input.Item.Value.ToString() == "a(2)" ? Fails<ItemReply>(5, new PermanentFailureException("no 2")) : Made(10);
        var result = Run(9, Stage("a", 1), Stage("b", 1) with { OnError = PipelineOnError.Stop }).Ended();
        Assert.Equal((false, "b"), (result.Complete, result.StoppedBy));
        Assert.Equal(
            "Succeeded Succeeded Failed:b Cancelled:a Skipped:a Skipped:a Skipped:a Skipped:a Skipped:a",
            string.Join(' ', result.Items.Select(item => item.Stage is null ? $"{item.Status}" : $"{item.Status}:{item.Stage}")));
    }

    [Fact]
    public void RunAsync_TimeoutAndRetries_AreTheStages()
    {
        tools["a"] = call => call.Input.Item.Value.ToString() == "0" ? Never<ItemReply>() : call.Attempt == 1 ? Fails<ItemReply>(5, new IOException("busy")) : Made(5);
        var result = Run(2, Stage("a", 2) with { Timeout = TimeSpan.FromSeconds(30) }).Ended();
        Assert.Equal([BranchStatus.TimedOut, BranchStatus.Succeeded], result.Items.Select(item => item.Status));
        Assert.Equal(3, calls.Count);
        Assert.Single(calls.Where(call => call.Item.Value.ToString() == "1").Select(call => call.IdempotencyKey).Distinct());
    }

    [Fact]
    public void RunAsync_Ordered_ItemsBeginEveryStageInTheirOrder()
    {
        tools["a"] = call => Made(call.Input.Item.Value.ToString() is "0" or "5" ? 100 : 10);
        var input = Input(12, Stage("a", 4), Stage("b", 4));
        Assert.True(world.Run(OrchestratorReferences.Pipeline, input with { Ordered = true }).Ended().Complete);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"a({i})"), calls.Where(call => call.Tool == "b").Select(call => call.Item.Value.ToString()));
    }

    [Fact]
    public void RunAsync_ModelStage_GetsThePromptAroundTheItemAndGivesItsAnswer()
    {
        ModelCall? asked = null;
        world.Activity(ActivityReferences.CallModel, call =>
        {
            asked = call.Input;
            return After(5, new ModelReply { Text = new() { Ref = new ContentRef(new string('a', 64), 9_000) }, Model = "m", Cost = new Cost(3, 2, 1m), Notice = "offline" });
        });
        var result = Run(1, new PipelineStage { Key = "m", Model = "fast", Prompt = "Say {{item}} twice: {{item}}", Instructions = "Be brief." }, Stage("a", 1)).Ended();
        Assert.Equal(["Say ", "0", " twice: ", "0"], asked!.Parts.Select(part => part.Content!.Text));
        Assert.Equal(("Be brief.", "fast"), (asked.Instructions, asked.Model));
        Assert.Equal((true, 9_000L), (calls.Single().Item.IsText, calls.Single().Item.Ref!.Length));
        Assert.Equal((new Cost(4, 2, 1m), "offline"), (result.Cost, result.Notice));
    }

    [Fact]
    public void RunAsync_PromptWithPaths_HasTheValuesOfTheItem()
    {
        var asked = Asked();
        var result = world.Run(OrchestratorReferences.Pipeline, Input(0, Ask("{{ item.title }}: {{item.rows.0}}, {{item.note}}")) with { Items = [Item("""{"title":"North","rows":[[1,2]],"note":"x"}"""), Item("""{"title":"South"}""")] }).Ended();
        Assert.Equal(["North: [1,2], x"], asked.Select(call => string.Concat(call.Parts.Select(part => part.Content!.Text))));
        Assert.Equal((BranchStatus.Failed, BranchStatus.Succeeded), (result.Items[1].Status, result.Items[0].Status));
        Assert.StartsWith("The item has no value at 'item.rows.0'.", result.Items[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_PromptOfStoredItems_NamesAddressAndPathAndTextAsItIs()
    {
        var asked = Asked();
        var address = new ContentRef(new string('a', 64), 9_000);
        var items = new PipelineItem[] { new() { Ref = address }, new() { Ref = address, IsText = true } };
        Assert.True(world.Run(OrchestratorReferences.Pipeline, Input(0, Ask("{{item}}")) with { Items = items }).Ended().Complete);
        Assert.Equal(["", null], asked.Select(call => call.Parts.Single().Path));
        Assert.All(asked, call => Assert.Equal(address, call.Parts.Single().Content!.Ref));

        asked.Clear();
        var result = world.Run(OrchestratorReferences.Pipeline, Input(0, Ask("{{item.rows.0}}")) with { Items = items }).Ended();
        Assert.Equal("rows.0", asked.Single().Parts.Single().Path);
        Assert.StartsWith("The item has no value at 'item.rows.0'.", result.Items[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_ManyItems_AreSplitAndStillBounded()
    {
        var run = Run(1_200, Stage("a", 10), Stage("b", 7));
        var result = run.Ended();
        Assert.True(result.Complete);
        Assert.Equal(Enumerable.Range(0, 1_200).Select(i => $"{i}"), result.Items.Select(item => item.Key));
        Assert.Equal(3, world.Log.Count(line => line.Contains(" sub PipelineSlice ", StringComparison.Ordinal)));
        Assert.True(world.MostRunning["ApplyTool"] <= 17, $"{world.MostRunning["ApplyTool"]} ran at once");
        Assert.Equal(2_400, calls.Select(call => call.IdempotencyKey).Distinct().Count());
        Assert.Equal((1_200, 1_200), (result.Stages[1].Started, result.Stages[1].Succeeded));
    }

    [Fact]
    public void RunAsync_ManyItems_HistoryGrowsByABoundForEachItemAndStage()
    {
        // Items of 2,000 bytes, the longest that are carried: a call and an answer hold one each.
        var text = new string('x', 2_000);
        tools["a"] = call => After(1, new ItemReply(call.Input.Item));
        var input = new PipelineInput { Items = [.. Enumerable.Range(0, 500).Select(_ => new PipelineItem { Value = JsonSerializer.SerializeToElement(text) })], Stages = [Stage("a", 50)] };
        Assert.True(world.Run(OrchestratorReferences.Pipeline, input).Ended().Complete);
        Assert.InRange(world.Bytes["run"] / 500, 4_000, 4_000 + 300);

        // And small ones as little as their calls have besides.
        var other = new ScriptedWorld();
        other.Activity(ActivityReferences.ApplyTool, call => After(1, new ItemReply(call.Input.Item)));
        Assert.True(other.Run(OrchestratorReferences.Pipeline, Input(500, Stage("a", 50))).Ended().Complete);
        Assert.InRange(other.Bytes["run"] / 500, 50, 300);
    }

    [Fact]
    public void RunAsync_AShareStops_EndsTheOthers()
    {
        tools["a"] = call => call.Input.Item.Value.ToString() == "10" ? Fails<ItemReply>(1, new PermanentFailureException("no 10")) : Made(10);
        var result = Run(1_200, Stage("a", 8) with { OnError = PipelineOnError.Stop }).Ended();
        Assert.Equal((false, "a", 1_200), (result.Complete, result.StoppedBy, result.Items.Count));
        Assert.Equal(BranchStatus.Failed, result.Items[10].Status);
        Assert.Equal(BranchStatus.Cancelled, result.Items[600].Status);
    }

    [Fact]
    public async Task PrepareAsync_LongValues_AreStoredTextAsText()
    {
        var store = new MemoryContentStore();
        var orchestrator = new PipelineOrchestrator();
        var input = Input(0) with { Items = [Item("\"short\""), Item($"\"{new string('t', 3_000)}\""), Item($"[\"{new string('j', 3_000)}\"]")] };
        var prepared = await orchestrator.PrepareAsync(input, store, CancellationToken.None);
        Assert.Equal([false, true, false], prepared.Items.Select(item => item.IsText));
        Assert.Equal([null, 3_000L, 3_004L], prepared.Items.Select(item => item.Ref?.Length));
        Assert.Same(prepared, await orchestrator.PrepareAsync(prepared, store, CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"items":[],"stages":[{"key":"a","tool":"t"}]}""", "items", "There are 0 items.")]
    [InlineData("""{"items":[{"value":1}],"stages":[]}""", "stages", "There are 0 stages.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a"}]}""", "stages[0]", "The stage has neither of 'tool' and 'model'.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","model":"m"}]}""", "stages[0]", "The stage has both of 'tool' and 'model'.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t"},{"key":"a","tool":"t"}]}""", "stages[1].key", "The key 'a' is also that of stages[0].key.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","model":"m","prompt":"Hello"}]}""", "stages[0].prompt", "The prompt has no {{item}}.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","arguments":{"x":{"$value":1}}}]}""", "stages[0].arguments", "{\"$value\":1} is no placeholder.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","arguments":{"x":{"$value":"id","default":1}}}]}""", "stages[0].arguments", "'id' is asked for, but a stage knows only its item. Write item, or begin the path with it: item.id.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","model":"m","prompt":"{{item}} {{title}}"}]}""", "stages[0].prompt", "'title' is asked for, but a stage knows only its item.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","maxParallel":0}]}""", "stages[0].maxParallel", "maxParallel is 0.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","buffer":0}]}""", "stages[0].buffer", "The buffer is 0.")]
    [InlineData("""{"items":[{"value":1}],"stages":[{"key":"a","tool":"t","timeout":"-00:00:01"}]}""", "stages[0].timeout", "The timeout is -00:00:01.")]
    [InlineData("""{"items":[null],"stages":[{"key":"a","tool":"t"}]}""", "items[0]", "The item is null.")]
    [InlineData("""{"items":[{"key":"x"}],"stages":[{"key":"a","tool":"t"}]}""", "items[0]", "The item has neither of 'value' and 'ref'.")]
    [InlineData("""{"items":[{"ref":{"sha256":"a","length":1}}],"stages":[{"key":"a","tool":"t"}]}""", "items[0].ref", "'a' with length 1 is no content address.")]
    public void Validate_WrongInput_NamesPathValueAndRemedy(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("Pipeline").Validate(JsonElement.Parse(input), world.Json).ByPath;
        Assert.True(errors.TryGetValue(path, out var messages), string.Join("; ", errors.Keys));
        Assert.Contains(messages, it => it.StartsWith(message, StringComparison.Ordinal));
    }

    private static PipelineStage Ask(string prompt) => new() { Key = "m", Model = "fast", Prompt = prompt };

    private List<ModelCall> Asked()
    {
        var asked = new List<ModelCall>();
        world.Activity(ActivityReferences.CallModel, call =>
        {
            asked.Add(call.Input);
            return After(5, new ModelReply { Text = new() { Text = "answer" }, Model = "m" });
        });
        return asked;
    }

    private static PipelineItem Item(string json) => new() { Value = JsonElement.Parse(json) };

    private static PipelineStage Stage(string tool, int maxParallel) => new() { Key = tool, Tool = tool, MaxParallel = maxParallel };

    private static PipelineInput Input(int items, params PipelineStage[] stages) =>
        new() { Items = [.. Enumerable.Range(0, items).Select(i => new PipelineItem { Value = JsonSerializer.SerializeToElement(i) })], Stages = stages };

    private static Scripted<ItemReply> Made(int milliseconds) => After(milliseconds, new ItemReply(new ItemValue(), new Cost(1, 0, 0)));

    private ScriptedRun<PipelineResult> Run(int items, params PipelineStage[] stages) => world.Run(OrchestratorReferences.Pipeline, Input(items, stages));
}
