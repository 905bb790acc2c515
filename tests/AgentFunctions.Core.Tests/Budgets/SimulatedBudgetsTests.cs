using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tests.Caching.Invalidation;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Budgets;

/// <summary>Workers' slices over one budget in simulated time, from a seed: messages take time and some are lost, workers die with what they hold, the entity's clock jumps by seconds.</summary>
public sealed class SimulatedBudgetsTests
{
    private static readonly BudgetLimit Limit = new() { Usd = 50 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_WorkersDieAndMessagesAreLost_IsNeverOverspent(int seed)
    {
        var world = new World(seed) { LossRate = 0.1 };
        world.Run(TimeSpan.FromMinutes(6), (worker, random) => random.Next(400) == 0);
        Assert.True(world.Spent <= Limit.Usd + world.Beyond, $"seed {seed}: {world.Spent} spent, {world.Beyond} beyond reservations");
        Assert.True(world.Spent >= 15, $"seed {seed}: only {world.Spent} spent");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_NobodyDies_NearlyAllIsSpentAndTheEntityIsSeldomAsked(int seed)
    {
        var world = new World(seed);
        world.Run(TimeSpan.FromMinutes(6), (_, _) => false);
        Assert.InRange(world.Spent, 0.97m * 50, 50 + world.Beyond);
        Assert.InRange(world.Operations, 1, world.Calls / 8);
    }

    private sealed class World(int seed) : IBudgetSource
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
        private readonly BudgetAccountId account = new(BudgetScope.Tenant, "acme", BudgetPeriod.Day);
        private readonly Random random = new(seed);
        private readonly ManualTime time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        private readonly IEntityDefinition entity = new BudgetEntity();
        private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(BudgetJsonContext.Default);
        private readonly List<Worker> workers = [];
        private readonly OneThread thread = new();
        private ReadOnlyMemory<byte> state;
        private int lives;

        public double LossRate { get; init; }

        public decimal Spent { get; private set; }

        public decimal Beyond { get; private set; }

        public int Calls { get; private set; }

        public int Operations { get; private set; }

        /// <summary>Runs all on the test's thread: a seed comes out the same on any machine.</summary>
        public void Run(TimeSpan span, Func<Worker, Random, bool> dies)
        {
            var before = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(thread);
            try
            {
                RunAll(span, dies);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }

        private void RunAll(TimeSpan span, Func<Worker, Random, bool> dies)
        {
            for (var elapsed = TimeSpan.Zero; elapsed < span; elapsed += Tick)
            {
                while (workers.Count < 4) workers.Add(new Worker(NewSlice()));
                for (var i = 0; i < workers.Count; i++)
                {
                    if (dies(workers[i], random)) workers[i] = new Worker(NewSlice());
                    Work(workers[i]);
                }

                time.Advance(Tick);
                thread.RunAll();
            }

            // What runs at the end is paid for too.
            foreach (var (_, amount) in workers.SelectMany(worker => worker.Running)) Spent += amount.Usd;
        }

        public async Task<BudgetStanding> AskAsync(BudgetAccountId id, BudgetRequest request, CancellationToken cancellationToken)
        {
            Operations++;
            await Delay();
            var isLost = random.NextDouble() < LossRate;
            if (!isLost || random.Next(2) == 0)
            {
                var clock = time.GetUtcNow() + TimeSpan.FromSeconds(random.Next(-4, 5));
                var outcome = entity.Apply("lease", entity.ReadState(state, json), DurableJson.Parse(DurableJson.Write(request, json)), new EntityContext(EntityReferences.Budget(id), clock), json);
                state = entity.WriteState(outcome.State, json);
            }

            await Delay();
            if (isLost) throw new TimeoutException("The answer was lost.");
            var ledger = DurableJson.Read<BudgetLedgerState>(state, json);
            return new BudgetStanding(ledger.LeaseOf(request.Holder)!, Limit, ledger.Current.Period, BudgetPeriods.EndAt(id.Period, time.GetUtcNow()), ledger.Current.Spent(time.GetUtcNow()));
        }

        private Task Delay() => Task.Delay(TimeSpan.FromMilliseconds(20 + random.Next(200)), time, CancellationToken.None);

        private BudgetSlice NewSlice() => new(account, Limit, $"w{++lives}", this, time, NullLogger.Instance);

        private void Work(Worker worker)
        {
            if (worker.Slice.Tick()) worker.Slice = NewSlice();
            worker.Running.RemoveAll(call =>
            {
                if (time.GetUtcNow() < call.Ends) return false;
                var cost = random.Next(20) == 0 ? call.Amount.Usd * 1.5m : call.Amount.Usd * (decimal)random.NextDouble();
                Spent += cost;
                Beyond += Math.Max(0, cost - call.Amount.Usd);
                worker.Slice.Settle(call.Amount, new(cost, 0));
                return true;
            });
            if (random.Next(2) == 0) return;
            var amount = new BudgetAmount(0.02m, 0);
            switch (worker.Slice.TryReserve(amount))
            {
                case Room.Reserved:
                    Calls++;
                    worker.Running.Add((time.GetUtcNow() + TimeSpan.FromSeconds(random.NextDouble() * 3), amount));
                    break;
                case Room.Gone when worker.Running.Count == 0:
                    worker.Slice = NewSlice();
                    break;
                case Room.Short when worker.Wait is not { IsCompleted: false }:
                    worker.Wait = worker.Slice.WaitAsync(amount, worker.Slice.Deadline(TimeSpan.FromSeconds(5)), CancellationToken.None);
                    break;
            }
        }
    }

    private sealed class Worker(BudgetSlice slice)
    {
        public BudgetSlice Slice { get; set; } = slice;

        public List<(DateTimeOffset Ends, BudgetAmount Amount)> Running { get; } = [];

        public Task? Wait { get; set; }
    }
}
