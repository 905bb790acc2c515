using AgentFunctions.Core.Load;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.Core.Tests.Scaling;

/// <summary>Workers that come, die and leave, an entity whose clock is that of whichever worker serves it, and messages that get lost: from a seed.</summary>
public sealed class SimulatedWorkersTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Report_UnderFaults_CountsTheLivingAndAnswersAlikeEverywhere(int seed)
    {
        var random = new Random(seed);
        var time = new ManualTime();
        var host = new ScalingHost(time);
        var workers = Enumerable.Range(0, 6).Select(_ => Make()).ToList();
        var changedAt = 0;
        var checkedTurns = 0;
        for (var turn = 0; turn < 300; turn++)
        {
            // Clocks differ by up to two seconds, and a tenth of the reports is lost.
            foreach (var worker in workers.OrderBy(_ => random.Next()).ToList())
            {
                host.ClockOffset = TimeSpan.FromMilliseconds(random.Next(-2000, 2000));
                host.Fails = random.NextDouble() < 0.1;
                await worker.TurnAsync(CancellationToken.None);
            }

            host.Fails = false;
            host.ClockOffset = TimeSpan.Zero;
            if (random.Next(15) == 0)
            {
                (changedAt, var one) = (turn, random.Next(workers.Count));
                switch (random.Next(3))
                {
                    case 0:
                        workers.Add(Make());
                        break;
                    case 1 when workers.Count > 1:
                        await workers[one].LeaveAsync(CancellationToken.None);
                        workers[one].Dispose();
                        workers.RemoveAt(one);
                        break;
                    case 2 when workers.Count > 1:
                        workers[one].Dispose();
                        workers.RemoveAt(one);
                        break;
                }
            }

            time.Advance(TimeSpan.FromSeconds(10));
            if (turn < 5) continue;
            var reports = await Task.WhenAll(workers.Select(worker => worker.ReadAsync(host.Current!, CancellationToken.None)));
            Assert.All(reports, report => Assert.Equal(reports[0], report));
            if (turn - changedAt < 9) continue;

            // Whoever died was forgotten after 45 s; a worker whose reports were lost four times in a row may be too.
            Assert.True(Math.Abs(workers.Count - reports[0]!.Current) <= 1, $"Seed {seed}, turn {turn}: {workers.Count} live, {reports[0]!.Current} are counted.");
            checkedTurns++;
        }

        workers.ForEach(worker => worker.Dispose());
        Assert.True(checkedTurns > 50, $"Seed {seed}: only {checkedTurns} turns were checked.");

        ScalingReporter Make() => new(new ScalingOptions(), Mock.Of<ILoadSource>(source => source.Read() == new LoadSample { Slots = 10, Running = 5 }), host, limiters: null, time, NullLogger<ScalingReporter>.Instance);
    }
}
