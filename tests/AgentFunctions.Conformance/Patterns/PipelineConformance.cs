using System.Globalization;
using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.Pipeline;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>Items through stages that overlap, on every host.</summary>
public abstract class PipelineConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task Pipeline_Example_BringsEveryItemThrough()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.Pipeline, "pipeline.json");

        Assert.True(result.Complete);
        Assert.Equal(["north", "coast", "pass", "river"], result.Items.Select(item => item.Key));
        Assert.All(result.Items, item => Assert.Contains("road", item.Value!.Value.GetProperty("note").GetString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Pipeline_AnItemFails_IsLeftOutAndLongItemsTravelByAddress()
    {
        await PatternHostAsync();
        var text = new string('x', 5_000);

        var result = await ResultAsync(OrchestratorReferences.Pipeline, new PipelineInput
        {
            Items = [new() { Value = JsonElement.Parse($$"""{"expression":"6 * 7","text":"{{text}}"}""") }, new() { Value = JsonElement.Parse("""{"expression":"6 *"}""") }],
            Stages =
            [
                new() { Key = "keep", Tool = "echo", Arguments = JsonElement.Parse("""{"value":{"$value":"item"}}""") },
                new() { Key = "count", Tool = "calculate", Arguments = JsonElement.Parse("""{"expression":{"$value":"item.expression"}}""") },
            ],
        });

        Assert.Equal("42", result.Items[0].Value.ToString());
        Assert.Equal((BranchStatus.Failed, "count"), (result.Items[1].Status, result.Items[1].Stage));
        Assert.Equal((2, 1), (result.Stages[1].Started, result.Stages[1].Succeeded));
    }

    [Fact]
    public async Task Pipeline_PromptWithAPath_HasThatValueOfAStoredItem()
    {
        await PatternHostAsync();
        var rest = string.Concat(Enumerable.Repeat("The zebra sleeps. ", 300));

        var result = await ResultAsync(OrchestratorReferences.Pipeline, new PipelineInput
        {
            Items = [new() { Value = JsonElement.Parse($$"""{"rest":"{{rest}}","texts":["The north road is closed for repair. It opens again in May."]}""") }],
            Stages = [new() { Key = "note", Model = "fast", Purpose = ModelPurpose.Summarize, Instructions = "Summarize the text in one sentence.", Prompt = "{{item.texts.0}}" }],
        });

        var note = result.Items[0].Value!.Value.GetString();
        Assert.Contains("road", note, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_MoreItemsThanOneHistoryHolds_ComeThroughInOrder()
    {
        await PatternHostAsync();

        var result = await ResultAsync(OrchestratorReferences.Pipeline, new PipelineInput
        {
            Items = [.. Enumerable.Range(0, 510).Select(i => new PipelineItem { Value = JsonElement.Parse(i.ToString(CultureInfo.InvariantCulture)) })],
            Stages = [new() { Key = "echo", Tool = "echo", Arguments = JsonElement.Parse("""{"value":{"$value":"item"}}"""), MaxParallel = 200 }],
        });

        Assert.True(result.Complete);
        Assert.Equal(Enumerable.Range(0, 510), result.Items.Select(item => item.Value!.Value.GetInt32()));
    }
}
