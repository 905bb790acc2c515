using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.App.Tests.Triggers;
using AgentFunctions.Core.Durable;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Tests.Durable;

public sealed class RunStatesTests
{
    private static readonly JsonSerializerOptions Json = AppServices.CreateCatalog().Json;

    [Fact]
    public void Of_EveryStatus_RoundTrips()
    {
        foreach (var status in Enum.GetValues<RuntimeStatus>().Where(s => s != RuntimeStatus.ContinuedAsNew))
            Assert.Equal(status, RunStates.Of(RunStates.Of(status)));
    }

    [Fact]
    public void Of_AWrappedInput_ShowsTheInputTheParentAndTheLane()
    {
        var input = RunEnvelope.Wrap(new RunHeader { Parent = "parent", Priority = RunPriority.Interactive, Budget = new() { Usd = 0.5m } }, JsonElement.Parse("{\"x\":1}"));

        var state = RunStates.Of(AppFixture.Run("child", OrchestrationRuntimeStatus.Running, input.GetRawText()), payloads: true, Json);

        Assert.Equal(("parent", RunPriority.Interactive, 0.5m, "{\"x\":1}"), (state.ParentInstanceId, state.Priority, state.Budget?.Usd, state.Input?.GetRawText()));
    }

    [Fact]
    public void Wrap_OfAPlainStart_LeavesTheInputAsItIs() =>
        Assert.Equal("{\"x\":1}", RunEnvelope.Wrap(RunHeader.None, JsonElement.Parse("{\"x\":1}")).GetRawText());

    [Fact]
    public void Wrap_OfAnInputThatLooksWrapped_ComesBackAsItWas()
    {
        var odd = JsonElement.Parse("{\"$run\":\"mine\"}");

        var (header, input) = RunEnvelope.Open(RunEnvelope.Wrap(RunHeader.None, odd));

        Assert.Equal(RunHeader.None, header);
        Assert.Equal(odd.GetRawText(), input.GetRawText());
    }

    [Fact]
    public void Restarted_NumbersCallsApart()
    {
        var second = RunHeader.None.Restarted();
        var third = (second with { NextCall = second.NextCall + 17 }).Restarted();

        Assert.Equal([0, 1, 2], new[] { 0, second.NextCall, third.NextCall }.Select(RunHeader.EpochOf));
        Assert.Equal(3, new[] { 0, 1, 2 }.Select(e => RunHeader.CancellationKey("run", e)).Distinct().Count());
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{\"x\":1}")]
    public void Of_AnyOutput_IsShown(string output)
    {
        var state = RunStates.Of(AppFixture.Run("run", OrchestrationRuntimeStatus.Terminated, output: output), payloads: true, Json);

        Assert.Contains(output, state.Output?.ValueKind == JsonValueKind.String ? state.Output?.GetString() : state.Output?.GetRawText(), StringComparison.Ordinal);
    }
}
