using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class ActivityLanesTests
{
    [Fact]
    public void Take_AllLanesFull_OfAny16TheBackgroundGetsOneAndWorkflowFour()
    {
        var lanes = new ActivityLanes();
        for (var call = 0; call < 600; call++)
        {
            lanes.Add(Works.Of(call, priority: (RunPriority)(call % 3)));
        }

        var taken = Enumerable.Range(0, 250).Select(_ => lanes.Take()!.Priority).ToList();

        for (var from = 0; from + 16 <= taken.Count; from++)
        {
            var window = taken.Skip(from).Take(16).ToList();
            Assert.Equal(1, window.Count(p => p == RunPriority.Background));
            Assert.Equal(4, window.Count(p => p == RunPriority.Workflow));
            Assert.Equal(11, window.Count(p => p == RunPriority.Interactive));
        }
    }

    [Fact]
    public void Take_OthersKeepComing_NothingStarves()
    {
        var lanes = new ActivityLanes();
        lanes.Add(Works.Of(-1, priority: RunPriority.Background));
        lanes.Add(Works.Of(-2, priority: RunPriority.Workflow));
        var taken = new List<int>();
        for (var call = 0; call < 32; call++)
        {
            lanes.Add(Works.Of(call, priority: RunPriority.Interactive));
            taken.Add(lanes.Take()!.CallId);
        }

        Assert.InRange(taken.IndexOf(-1), 0, 15);
        Assert.InRange(taken.IndexOf(-2), 0, 7);
    }

    [Fact]
    public void Take_OneLaneOnly_GivesAllOfItInOrder()
    {
        foreach (var priority in Enum.GetValues<RunPriority>())
        {
            var lanes = new ActivityLanes();
            for (var call = 0; call < 40; call++)
            {
                lanes.Add(Works.Of(call, priority: priority));
            }

            Assert.Equal(Enumerable.Range(0, 40), Enumerable.Range(0, 40).Select(_ => lanes.Take()!.CallId));
            Assert.Null(lanes.Take());
        }
    }

    [Fact]
    public void Take_AnyAddsRemovesAndTakes_LosesNothingRepeatsNothingAndKeepsTheOrderOfALane() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), steps =>
        {
            var lanes = new ActivityLanes();
            var model = Enum.GetValues<RunPriority>().ToDictionary(p => p, _ => new List<int>());
            for (var i = 0; i < steps.Length; i++)
            {
                var priority = (RunPriority)(Math.Abs((long)steps[i]) % 3);
                switch (Math.Abs((long)steps[i]) % 4)
                {
                    case 0 or 1:
                        lanes.Add(Works.Of(i, priority: priority));
                        model[priority].Add(i);
                        break;
                    case 2:
                        var removed = model[priority].Count > 0 ? model[priority][^1] : -1;
                        Assert.Equal(removed >= 0, lanes.Remove(1, removed));
                        model[priority].Remove(removed);
                        break;
                    default:
                        var taken = lanes.Take();
                        Assert.Equal(model.Values.All(l => l.Count == 0), taken is null);
                        if (taken is not null)
                        {
                            Assert.Equal(model[taken.Priority][0], taken.CallId);
                            model[taken.Priority].RemoveAt(0);
                        }

                        break;
                }

                Assert.Equal(model.Values.Sum(l => l.Count), lanes.Count);
            }

            return true;
        }));

    [Fact]
    public void Remove_AnotherRunsCall_RemovesNothing()
    {
        var lanes = new ActivityLanes();
        lanes.Add(Works.Of(7, handle: 1));

        Assert.False(lanes.Remove(2, 7));
        Assert.True(lanes.Remove(1, 7));
        Assert.False(lanes.Remove(1, 7));
        Assert.Equal(0, lanes.Count);
    }
}
