using AgentFunctions.Core.Durable;

namespace AgentFunctions.Benchmarks;

/// <summary>Orchestrators that do as little as can be done, so that what is measured is the engine.</summary>
internal static class BenchCatalog
{
    private static readonly ActivityReference<int, int> Nothing = new("Nothing");
    private static readonly ActivityReference<int, int> Wait = new("Wait");

    public static Catalog Create() => new CatalogBuilder()
        .AddOrchestrator(new OrchestratorReference<int, int>("FanOutOfNothing"), new FanOutOfNothing())
        .AddOrchestrator(new OrchestratorReference<int, int>("SixCalls"), new SixCalls())
        .AddOrchestrator(new OrchestratorReference<int, int>("WaitForever"), new WaitForever())
        .AddActivity(Nothing, _ => new NothingActivity())
        .AddActivity(Wait, _ => new WaitActivity())
        .Build();

    private sealed class FanOutOfNothing : Orchestrator<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            var calls = new Task<int>[input];
            for (var i = 0; i < input; i++)
            {
                calls[i] = context.CallActivityAsync(Nothing, i);
            }

            return (await Task.WhenAll(calls)).Length;
        }
    }

    /// <summary>One call, four at once, one call: 25 + 30 + 25 ms at best.</summary>
    private sealed class SixCalls : Orchestrator<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            await context.CallActivityAsync(Wait, 25);
            await Task.WhenAll(new[] { 20, 24, 27, 30 }.Select(ms => context.CallActivityAsync(Wait, ms)));
            return await context.CallActivityAsync(Wait, 25);
        }
    }

    private sealed class WaitForever : Orchestrator<int, int>
    {
        public override Task<int> RunAsync(OrchestrationContext context, int input) => context.WaitForExternalEventAsync<int>("go");
    }

    private sealed class NothingActivity : Activity<int, int>
    {
        public override Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellationToken) => Task.FromResult(input);
    }

    private sealed class WaitActivity : Activity<int, int>
    {
        public override async Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellationToken)
        {
            await Task.Delay(input, cancellationToken);
            return input;
        }
    }
}
