using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>An orchestrator that uses everything the engine has, with a result that does not depend on order or time.</summary>
internal static class SimulationCatalog
{
    public static OrchestratorReference<MixInput, MixResult> Mix { get; } = new("Mix");
    public static OrchestratorReference<int, int> Child { get; } = new("Child");
    public static ActivityReference<int, int> Square { get; } = new("Square");
    public static EntityOperation<int, int> Add { get; } = new("add");
    public static EntityId Total { get; } = new("total", "All");

    public static Catalog Create() => new CatalogBuilder()
        .AddJson(SimulationJsonContext.Default)
        .AddOrchestrator(Mix, new MixOrchestrator())
        .AddOrchestrator(Child, new ChildOrchestrator())
        .AddActivity(Square, _ => new SquareActivity())
        .AddEntity("Total", new TotalEntity())
        .Build();

    public static SimulatedRun Run(int number) => new($"mix-{number}", Mix.Name, DurableJson.ToElement(new MixInput(3, number, 0), Create().Json));

    private static async Task<int> SquareWithRetryAsync(OrchestrationContext context, int value)
    {
        while (true)
        {
            try
            {
                return await context.CallActivityAsync(Square, value);
            }
            catch (TaskFailedException)
            {
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    private sealed class MixOrchestrator : Orchestrator<MixInput, MixResult>
    {
        public override async Task<MixResult> RunAsync(OrchestrationContext context, MixInput input)
        {
            context.SetCustomStatus(input.Sum);
            var squares = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => SquareWithRetryAsync(context, i)));
            var child = await context.CallSubOrchestratorAsync(Child, input.Number);
            await context.CallEntityAsync(Total, Add, 1);
            context.SignalEntity(Total, Add, 10);
            using var loser = new CancellationTokenSource();
            var slow = context.CallActivityAsync(Square, 99, new CallOptions { Cancellation = loser.Token });
            await Task.WhenAny(slow, context.CreateTimerAsync(TimeSpan.FromMilliseconds(3)));
            loser.Cancel();
            var sum = input.Sum + squares.Sum() + child;
            if (input.Rounds > 1)
            {
                context.ContinueAsNew(input with { Rounds = input.Rounds - 1, Sum = sum });
            }

            return new MixResult(sum);
        }
    }

    private sealed class ChildOrchestrator : Orchestrator<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            var doubled = await SquareWithRetryAsync(context, input);
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(10));
            return doubled + await SquareWithRetryAsync(context, 2);
        }
    }

    private sealed class SquareActivity : Activity<int, int>
    {
        public override Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellationToken) => Task.FromResult(input * input);
    }

    private sealed class TotalEntity : Entity<TotalState>
    {
        public TotalEntity() => On(Add, (state, amount, _) => (new TotalState(state.Value + amount), state.Value + amount));

        protected override TotalState InitialState { get; } = new(0);
    }
}

internal sealed record MixInput(int Rounds, int Number, int Sum);

internal sealed record MixResult(int Sum);

internal sealed record TotalState(int Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MixInput))]
[JsonSerializable(typeof(MixResult))]
[JsonSerializable(typeof(TotalState))]
internal sealed partial class SimulationJsonContext : JsonSerializerContext;
