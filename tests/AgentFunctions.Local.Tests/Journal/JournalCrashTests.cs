using System.Buffers;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

/// <summary>
/// Lives of a journal under a seed: it appends, writes, compacts, and every life ends with a crash in the midst of some operation, a kill or a failed fsync.
/// After each: whatever Write has returned for is there, the rest is a prefix of what was appended, a compaction has happened as a whole or not at all.
/// </summary>
public sealed class JournalCrashTests
{
    private const int Seeds = 4000;

    private enum Fate
    {
        Pending,
        Durable,
        DropUnsure,
        Dropped,
    }

    [Fact]
    public void Crash_AtAnyMoment_LosesNothingAcknowledged()
    {
        var (torn, recovered, compacted, removed) = (0, 0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                var life = new Lives(seed);
                life.Run();
                (torn, recovered, compacted, removed) = (torn + life.Torn, recovered + life.Recovered, compacted + life.Compacted, removed + life.Removed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} failed; new Lives({seed}).Run() repeats it.", e);
            }
        }

        // The storage must really have torn and kept things, or all this has shown nothing.
        Assert.True(torn > 200 && recovered > 10_000 && compacted > 300 && removed > 200, $"torn {torn}, recovered {recovered}, compacted {compacted}, removed {removed}");
    }

    private sealed class Lives(int seed)
    {
        private readonly Random random = new(seed);
        private readonly List<(int Number, Fate Fate)> model = [];
        private int next;

        public int Torn { get; private set; }

        public int Recovered { get; private set; }

        public int Compacted { get; private set; }

        public int Removed { get; private set; }

        public void Run()
        {
            var storage = new SimulatedStorage(new Random(seed));
            for (var life = 0; life < 6; life++)
            {
                Sabotage(storage.Faults);
                try
                {
                    using var journal = Open(storage);
                    Live(journal);
                }
                catch (Exception e) when (e is SimulatedCrashException or JournalFailedException || e.InnerException is SimulatedCrashException)
                {
                    // The life is over; what is left of it is judged by the next opening.
                }

                storage = random.Next(3) == 0 ? storage.Kill() : storage.Crash(random);
            }

            using var last = Open(storage);
        }

        private void Sabotage(SimulatedFaults faults)
        {
            switch (random.Next(4))
            {
                case 0:
                    faults.FailSyncAt = random.Next(1, 12);
                    break;
                case 1:
                    faults.FreeBytes = random.Next(100_000);
                    break;
                default:
                    faults.CrashAt = random.Next(1, 40);
                    break;
            }
        }

        private Journal Open(SimulatedStorage storage)
        {
            var journal = TestRecords.Open(storage, out var records, TestRecords.Small with { Random = random });
            var found = records.Select(r => r.Number).ToHashSet();
            Assert.Equal(found.Order(), records.Select(r => r.Number));
            Assert.All(model.Where(r => r.Fate == Fate.Durable), r => Assert.Contains(r.Number, found));
            Assert.All(model.Where(r => r.Fate == Fate.Dropped), r => Assert.DoesNotContain(r.Number, found));
            var unsure = model.Where(r => r.Fate == Fate.DropUnsure).Select(r => found.Contains(r.Number)).Distinct().Count();
            Assert.True(unsure <= 1, "A compaction happened in part.");
            var pending = model.Where(r => r.Fate == Fate.Pending).Select(r => found.Contains(r.Number)).ToArray();
            Assert.Equal(pending.OrderByDescending(present => present), pending);
            Assert.Subset(model.Select(r => r.Number).ToHashSet(), found);
            model.Clear();
            model.AddRange(found.Order().Select(n => (n, Fate.Durable)));
            (Torn, Recovered, Removed) = (Torn + (journal.Recovery.Torn is null ? 0 : 1), Recovered + found.Count, Removed + journal.Recovery.Removed.Count);
            return journal;
        }

        private void Live(Journal journal)
        {
            for (var step = 0; step < 25; step++)
            {
                for (var n = random.Next(6); n > 0; n--)
                {
                    model.Add((next, Fate.Pending));
                    journal.Append(TestRecords.Make(next++, random.Next(12) == 0 ? random.Next(8, 80_000) : random.Next(8, 900)));
                }

                if (random.Next(12) == 0)
                {
                    Compact(journal);
                    continue;
                }

                if (random.Next(20) == 0)
                    journal.Close();
                else
                    journal.Write(journal.TakeBatch());
                Mark(Fate.Pending, Fate.Durable);
            }
        }

        private void Compact(Journal journal)
        {
            using var compaction = journal.BeginCompaction();
            journal.Write(journal.TakeBatch());
            Mark(Fate.Pending, Fate.Durable);
            var divisor = random.Next(2, 5);
            try
            {
                compaction.Run(
                    (_, record, output) =>
                    {
                        if (TestRecords.NumberOf(record) % divisor == 0)
                            return false;
                        output.Write(record);
                        return true;
                    },
                    CancellationToken.None);
                for (var i = 0; i < model.Count; i++)
                {
                    if (model[i] is { Fate: Fate.Durable } && model[i].Number % divisor == 0)
                        model[i] = (model[i].Number, Fate.DropUnsure);
                }

                compaction.Complete();
                Mark(Fate.DropUnsure, Fate.Dropped);
                Compacted++;
            }
            catch (JournalCompactionException)
            {
                Mark(Fate.DropUnsure, Fate.Durable);
            }
        }

        private void Mark(Fate from, Fate to)
        {
            for (var i = 0; i < model.Count; i++)
            {
                if (model[i].Fate == from)
                    model[i] = (model[i].Number, to);
            }
        }
    }
}
