using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>An orchestrator from a delegate, so that a test shows it beside what it asserts.</summary>
public sealed class TestOrchestrator<TInput, TOutput>(Func<OrchestrationContext, TInput, Task<TOutput>> body) : Orchestrator<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(OrchestrationContext context, TInput input) => body(context, input);
}
