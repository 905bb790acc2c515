using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.Core.Tests.Budgets;

/// <summary>An engine that serves budgets at once, each operation and state through JSON.</summary>
internal sealed class BudgetHost
{
    private readonly Dictionary<EntityId, ReadOnlyMemory<byte>> states = [];
    private readonly IEntityDefinition entity = new BudgetEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(BudgetJsonContext.Default);
    private readonly Mock<IRunClient> client = new(MockBehavior.Strict);
    private readonly TimeProvider time;
    private int workers;

    public BudgetHost(TimeProvider time)
    {
        this.time = time;
        client.Setup(runs => runs.SignalEntityAsync(It.IsAny<EntityId>(), BudgetEntity.Lease, It.IsAny<BudgetRequest>(), It.IsAny<CancellationToken>()))
            .Returns((EntityId id, EntityOperation<BudgetRequest, BudgetLease?> operation, BudgetRequest request, CancellationToken _) =>
            {
                lock (states) Requests.Add((id.Key, request));
                Apply(id, operation.Name, request);
                return Task.CompletedTask;
            });
        client.Setup(runs => runs.SignalEntityAsync(It.IsAny<EntityId>(), BudgetEntity.Forget, It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns((EntityId id, EntityOperation<bool, bool> operation, bool input, CancellationToken _) =>
            {
                Forgotten++;
                Apply(id, operation.Name, input);
                return Task.CompletedTask;
            });
        client.Setup(runs => runs.GetAsync(It.IsAny<string>(), true, It.IsAny<CancellationToken>())).ReturnsAsync((string id, bool _, CancellationToken _) => Runs.TryGetValue(id, out var budget)
            ? new RunState { Name = "Any", InstanceId = id, RuntimeStatus = RuntimeStatus.Running, CreatedTime = default, LastUpdatedTime = default, Budget = budget }
            : null);
        client.Setup(runs => runs.GetEntityStateAsync<BudgetLedgerState>(It.IsAny<EntityId>(), It.IsAny<CancellationToken>())).ReturnsAsync((EntityId id, CancellationToken _) =>
        {
            Reads++;
            return StateOf(id);
        });
    }

    public List<(string Account, BudgetRequest Request)> Requests { get; } = [];

    public int Reads { get; private set; }

    public int Forgotten { get; private set; }

    /// <summary>The runs there are, with their own budgets.</summary>
    public Dictionary<string, BudgetLimit?> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether operations are served, or lost.</summary>
    public bool Serves { get; set; } = true;

    public IRunClient Client => client.Object;

    public BudgetLedger Worker(BudgetOptions options, BudgetMetrics? metrics = null) =>
        new(options, new EntityBudgetSource(() => Client, time), () => true, $"w{++workers}", time, NullLogger.Instance, metrics);

    public BudgetAccount Account(BudgetAccountId id) => (StateOf(EntityReferences.Budget(id)) ?? new()).At(id.Period, time.GetUtcNow());

    private BudgetLedgerState? StateOf(EntityId id)
    {
        lock (states) return states.TryGetValue(id, out var state) && !state.IsEmpty ? DurableJson.Read<BudgetLedgerState>(state, json) : null;
    }

    private void Apply<T>(EntityId id, string operation, T input)
    {
        if (!Serves) return;
        lock (states)
        {
            var outcome = entity.Apply(operation, entity.ReadState(states.GetValueOrDefault(id), json), DurableJson.Parse(DurableJson.Write(input, json)), new EntityContext(id, time.GetUtcNow()), json);
            states[id] = entity.WriteState(outcome.State, json);
        }
    }
}
