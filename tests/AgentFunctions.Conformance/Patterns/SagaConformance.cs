using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Saga;
using AgentFunctions.Core.Policies.Sagas;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>Steps with compensations, on every host.</summary>
public abstract class SagaConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task Saga_Example_IsCompensatedInReverse()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.Saga, "saga.json");

        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal([SagaStepStatus.Succeeded, SagaStepStatus.Succeeded, SagaStepStatus.Refused], result.Steps.Select(step => step.Status));
        Assert.Equal([SagaUndoStatus.Done, SagaUndoStatus.Done, null], result.Steps.Select(step => step.Compensation?.Status));
    }

    [Fact]
    public async Task Saga_Tools_GetTheKeysOfStepsAndCompensations()
    {
        var keys = new List<string>();
        var keyed = AIFunctionFactory.Create(
            (AIFunctionArguments arguments) =>
            {
                lock (keys) keys.Add(arguments.IdempotencyKey()!);
                return "done";
            },
            "keyed");
        await PatternHostAsync(services => services.AddTool(keyed));

        var id = await BeginAsync("Saga", ToJson(new SagaInput { Steps = [new() { Key = "one", Tool = "keyed", Compensation = new() { Tool = "keyed" } }, new() { Key = "two", Tool = "no-such-tool" }] }));
        await ResultOfAsync<SagaResult>(id);

        Assert.Equal([$"{id}:one", $"{id}:one:compensate"], keys.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Saga_AParkedCompensation_WaitsForAPerson()
    {
        await PatternHostAsync();
        var id = await BeginAsync("Saga", ToJson(new SagaInput
        {
            Steps =
            [
                new() { Key = "early", Tool = "echo", Arguments = JsonElement.Parse("""{"value":1}"""), Compensation = new() { Tool = "echo", Arguments = JsonElement.Parse("""{"value":2}""") } },
                new() { Key = "book", Tool = "echo", Arguments = JsonElement.Parse("""{"value":{"id":7}}"""), Compensation = new() { Tool = "no-such-tool", Arguments = JsonElement.Parse("""{"id":{"$value":"book.id"}}""") } },
                new() { Key = "bad", Tool = "no-such-tool" },
            ],
        }));
        var waiting = await UntilAsync(() => StateAsync(id), state => state.CustomStatus?.ToString().Contains("waiting for a person", StringComparison.Ordinal) == true, "the run waits for a person");
        var status = FromJson<SagaStatus>(waiting.CustomStatus);
        var details = JsonElement.Parse((await Content.GetAsync(status.Details!, Patience)).Span);
        await RaiseAsync(id, "compensation", new SagaResolution { Step = "book", Outcome = SagaDecision.Done, By = "ann" });

        var result = await ResultOfAsync<SagaResult>(id);

        Assert.Equal("""{"id":7}""", details[0].GetProperty("undo").GetProperty("arguments").ToString());
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal((SagaUndoStatus.DoneByHand, "ann"), (result.Steps[1].Compensation!.Status, result.Steps[1].Compensation!.By));
        Assert.Equal(SagaUndoStatus.Done, result.Steps[0].Compensation!.Status);
    }

    [Fact]
    public async Task Saga_Cancelled_CompensatesWhatWasDone()
    {
        await PatternHostAsync();
        var id = await BeginAsync("Saga", ToJson(new SagaInput
        {
            Steps =
            [
                new() { Key = "slow", Tool = "delay", Arguments = JsonElement.Parse("""{"milliseconds":1000,"value":1}"""), Compensation = new() { Tool = "echo", Arguments = JsonElement.Parse("""{"value":2}""") } },
                new() { Key = "never", Tool = "echo", Arguments = JsonElement.Parse("""{"value":1}""") },
            ],
        }));
        await RaiseAsync(id, "cancel", JsonElement.Parse("""{"by":"ann","reason":"enough"}"""));

        var result = await ResultOfAsync<SagaResult>(id);

        Assert.Equal((SagaOutcome.Compensated, "ann"), (result.Outcome, result.Cancelled?.By));
        Assert.Equal(SagaStepStatus.NotStarted, result.Steps[1].Status);
    }
}
