using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

/// <summary>Random latencies, failures, timeouts and settings: what must hold in every case. A failure names its seed.</summary>
public sealed class FanOutRandomTests
{
    [Fact]
    public void RunAsync_AnyScript_KeepsItsPromises()
    {
        for (ulong seed = 0; seed < 600; seed++)
        {
            try
            {
                new Trial(seed).Check();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    [Fact]
    public void RunAsync_SameScriptTwice_AsksForTheSameInTheSameOrder()
    {
        for (ulong seed = 0; seed < 60; seed++) Assert.Equal(new Trial(seed).Run().Log, new Trial(seed).Run().Log);
    }

    private sealed class Trial
    {
        private readonly ScriptedWorld world = new();
        private readonly int count;
        private readonly FanOutOptions options;
        private readonly Dictionary<string, (int Delay, int Kind)> scripts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, DateTimeOffset> successes = new(StringComparer.Ordinal);

        public Trial(ulong seed)
        {
            var random = new ReplaySafeRandom(seed);
            count = 1 + Next(60);
            for (var i = 0; i < count; i++) scripts.Add($"{i}", (Next(2_000), Next(10)));
            options = new()
            {
                MaxParallel = 1 + Next(20),
                BranchTimeout = Next(2) == 0 ? null : TimeSpan.FromMilliseconds(1 + Next(3_000)),
                Quorum = Next(3) switch { 0 => Quorum.AtLeast(1 + Next(count)), 1 => Quorum.Part((1 + Next(10)) / 10m), _ => Quorum.All },
                Critical = Next(3) == 0 ? [$"{Next(count)}"] : [],
                Retry = new RetryPolicy { MaxAttempts = 1 + Next(3), BaseDelay = TimeSpan.FromMilliseconds(Next(500)) },
                ChildFanOut = Next(3) == 0 ? 2 + Next(20) : 200,
            };
            int Next(int below) => (int)(random.NextDouble() * below);
        }

        public ScriptedWorld Run()
        {
            Ended = RunBranches();
            return world;
        }

        public void Check()
        {
            Run();
            var branches = Ended!.Ended();
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), branches.Select(branch => branch.Key));
            Assert.True(world.MostRunning["CallTool"] <= options.MaxParallel, $"{world.MostRunning["CallTool"]} ran at once, {options.MaxParallel} may");
            Assert.All(branches, CheckBranch);

            var needed = options.Quorum.Needed(count);
            var succeeded = branches.Count(branch => branch.IsSuccess);
            var criticalFailed = branches.Any(branch => options.Critical.Contains(branch.Key) && branch.Status is BranchStatus.Failed or BranchStatus.TimedOut);
            if (branches.Any(branch => branch.Status is BranchStatus.Cancelled or BranchStatus.Skipped)) Assert.True(succeeded >= needed || criticalFailed, "branches were given up without a reason");
            if (count <= options.ChildFanOut && succeeded >= needed && !criticalFailed)
            {
                Assert.Equal(needed, succeeded);
                if (needed < count) Assert.Equal(successes.Where(it => branches[int.Parse(it.Key, System.Globalization.CultureInfo.InvariantCulture)].IsSuccess).Max(it => it.Value) - ScriptedWorld.Start, Ended.Elapsed);
            }

            // List scheduling (Graham 1966) is never slower than the work over the places plus the longest piece.
            var longest = branches.Max(branch => branch.Elapsed);
            var bound = (branches.Aggregate(TimeSpan.Zero, (sum, branch) => sum + branch.Elapsed) / options.MaxParallel) + longest;
            if (count <= options.ChildFanOut) Assert.True(Ended.Elapsed <= bound, $"{Ended.Elapsed} is above {bound}");
            if (options.BranchTimeout is { } limit) Assert.True(count > options.ChildFanOut || longest <= limit, $"{longest} is above {limit}");
        }

        private ScriptedRun<IReadOnlyList<Branch<ToolReply>>>? Ended { get; set; }

        private void CheckBranch(Branch<ToolReply> branch)
        {
            Assert.Equal(branch.IsSuccess, branch.Value is not null);
            Assert.Equal(branch.Status is BranchStatus.Failed or BranchStatus.TimedOut, branch.Error is not null);
        }

        private ScriptedRun<IReadOnlyList<Branch<ToolReply>>> RunBranches()
        {
            world.Activity(ActivityReferences.CallTool, Script);
            List<BranchInput<ToolCall>> inputs = [.. scripts.Keys.Select(key => new BranchInput<ToolCall>(key, new ToolCall { Tool = key }))];
            return world.Run(context => FanOut.RunAsync(context, ActivityReferences.CallTool, inputs, options));
        }

        private Scripted<ToolReply> Script(ScriptedCall<ToolCall> call)
        {
            var (delay, kind) = scripts[call.Input.Tool];
            var script = kind switch
            {
                0 => Fails<ToolReply>(delay, new PermanentFailureException("no")),
                1 => Fails<ToolReply>(delay, new IOException("busy")),
                2 when call.Attempt == 1 => Fails<ToolReply>(delay / 2, new ThrottledException("slow down", TimeSpan.FromMilliseconds(100))),
                3 when options.BranchTimeout is not null => Never<ToolReply>(),
                _ => After(delay, new ToolReply()),
            };
            if (script.Value is not null) successes[call.Input.Tool] = world.Now + script.Delay!.Value;
            return script;
        }
    }
}
