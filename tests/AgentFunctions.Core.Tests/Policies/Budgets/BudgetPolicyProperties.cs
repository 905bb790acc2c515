using AgentFunctions.Core.Policies.Budgets;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Budgets;

/// <summary>What a budget promises, whatever happens: holders' requests are lost, come twice, come late and out of order, holders die, and the clock jumps.</summary>
public sealed class BudgetPolicyProperties
{
    [Fact]
    public void Answer_AnyInterleaving_NeverMoreIsSpentInAPeriodThanItsLimitAndWhatCallsCostBeyondTheirReservations() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var world = new World(seed);
            for (var step = 0; step < 400; step++) world.Step();
            return world.Broken is null;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Step_ManySeeds_SpendNearlyAllOfABudgetThatIsWanted()
    {
        // That nothing is overspent would also hold if nothing were ever given.
        var used = Enumerable.Range(0, 50).Average(seed =>
        {
            var world = new World(seed) { MayDie = false, MayJump = false };
            for (var step = 0; step < 5000; step++) world.Step();
            return (double)world.MostSpent;
        });
        Assert.InRange(used, 90, 110);
    }

    private sealed class World(int seed)
    {
        private static readonly BudgetLimit Limit = new() { Usd = 100, Tokens = 1000 };
        private readonly Random random = new(seed);
        private readonly List<Holder> holders = [];
        private readonly List<BudgetRequest> network = [];
        private readonly Dictionary<string, (BudgetAmount Spent, BudgetAmount Beyond)> periods = new(StringComparer.Ordinal);
        private BudgetLedgerState state = new();
        private TimeSpan uptime;
        private TimeSpan skew;
        private int names;

        public bool MayDie { get; init; } = true;

        public bool MayJump { get; init; } = true;

        public string? Broken { get; private set; }

        public decimal MostSpent => periods.Values.Max(period => period.Spent.Usd);

        private DateTimeOffset Now => new DateTimeOffset(2026, 1, 1, 23, 50, 0, TimeSpan.Zero) + uptime + skew;

        public void Step()
        {
            while (holders.Count < 4) holders.Add(new Holder($"h{names++}"));
            var holder = holders[random.Next(holders.Count)];
            switch (random.Next(12))
            {
                case 0 or 1 when holder.Open is null:
                    Send(holder);
                    break;
                case 2 or 3 or 4 when network.Count > 0:
                    // A message stays where it is: it may come again, and after those behind it.
                    state = BudgetPolicy.Answer(state, network[random.Next(Math.Max(0, network.Count - 12), network.Count)], Now);
                    break;
                case 5 when holder.Open is { } open:
                    if (state.LeaseOf(holder.Name) is { } lease && lease.Number == open.Number) Take(holder, open, lease);
                    break;
                case 6 when holder.Open is not null && random.Next(4) == 0:
                    holder.Open = null;
                    break;
                case 7 or 8:
                    Reserve(holder);
                    break;
                case 9 when holder.Calls.Count > 0:
                    Settle(holder);
                    break;
                case 10 when MayDie && random.Next(8) == 0 || holder.EndsAt <= uptime && holder.Calls.Count == 0:
                    holders.Remove(holder);
                    break;
                case 11:
                    if (MayJump) uptime += TimeSpan.FromSeconds(random.Next(random.Next(20) == 0 ? 4000 : 10));
                    if (MayJump && random.Next(10) == 0) skew = TimeSpan.FromSeconds(random.Next(-30, 30));
                    break;
            }
        }

        private void Send(Holder holder)
        {
            var kept = BudgetAmount.Max(BudgetAmount.Zero, holder.Held);
            if (random.Next(5) == 0) kept = BudgetAmount.Min(kept, BudgetAmount.Max(BudgetAmount.Zero, holder.Reserved));
            holder.Held -= BudgetAmount.Max(BudgetAmount.Zero, holder.Held) - kept;
            (holder.HeldThen, holder.SentAt) = (holder.Held, uptime);
            var least = new BudgetAmount(random.Next(0, 20), random.Next(0, 200));
            holder.Open = new BudgetRequest
            {
                Holder = holder.Name,
                Number = ++holder.Number,
                Known = holder.IsKnown,
                Limit = Limit,
                Period = BudgetPeriod.Day,
                Used = holder.Used,
                Keep = kept,
                Least = random.Next(3) == 0 || holder.EndsAt <= uptime ? null : least,
                Want = new BudgetAmount(random.Next(0, 60), random.Next(0, 600)),
            };
            network.Add(holder.Open);
        }

        private void Take(Holder holder, BudgetRequest open, BudgetLease lease)
        {
            holder.Held += lease.Held - holder.HeldThen;
            (holder.IsKnown, holder.Open) = (true, null);
            if (lease.EndsIn is { } left) holder.EndsAt = holder.SentAt + left;
            if (lease.Held != lease.Kept) holder.Period = state.Current.Leases.ContainsKey(open.Holder) ? state.Current.Period : state.Previous!.Period;
        }

        private void Reserve(Holder holder)
        {
            var wanted = new BudgetAmount(random.Next(1, 10), random.Next(1, 100));
            var free = holder.Held - holder.Reserved;
            if (holder.EndsAt <= uptime || wanted.Usd > free.Usd || wanted.Tokens > free.Tokens) return;
            holder.Calls.Add(wanted);
            holder.Reserved += wanted;
        }

        private void Settle(Holder holder)
        {
            var reserved = holder.Calls[0];
            holder.Calls.RemoveAt(0);
            var beyond = random.Next(10) == 0 ? new BudgetAmount(random.Next(0, 5), random.Next(0, 50)) : BudgetAmount.Zero;
            var cost = beyond == BudgetAmount.Zero ? new BudgetAmount(random.Next(0, (int)reserved.Usd + 1), random.Next(0, (int)reserved.Tokens + 1)) : reserved + beyond;
            (holder.Reserved, holder.Used, holder.Held) = (holder.Reserved - reserved, holder.Used + cost, holder.Held - cost);
            var (spent, over) = periods.GetValueOrDefault(holder.Period!);
            (spent, over) = (spent + cost, over + beyond);
            periods[holder.Period!] = (spent, over);
            if (spent.Usd > Limit.Usd + over.Usd || spent.Tokens > Limit.Tokens + over.Tokens) Broken ??= $"{holder.Period}: {spent} of {Limit}, {over} beyond reservations";
        }
    }

    private sealed class Holder(string name)
    {
        public string Name { get; } = name;

        public long Number { get; set; }

        public bool IsKnown { get; set; }

        public BudgetAmount Used { get; set; }

        public BudgetAmount Held { get; set; }

        public BudgetAmount HeldThen { get; set; }

        public BudgetAmount Reserved { get; set; }

        public List<BudgetAmount> Calls { get; } = [];

        public BudgetRequest? Open { get; set; }

        public TimeSpan SentAt { get; set; }

        public TimeSpan EndsAt { get; set; } = TimeSpan.MaxValue;

        public string? Period { get; set; }
    }
}
