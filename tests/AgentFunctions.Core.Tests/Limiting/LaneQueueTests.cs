using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Limiting;

public sealed class LaneQueueTests
{
    private static readonly RunPriority[] Lanes = Enum.GetValues<RunPriority>();

    /// <summary>Against a plain list: what is taken out and how many stand before a newcomer, however calls come, leave and are taken.</summary>
    [Fact]
    public void Queue_AnyOperations_IsThatOfAPlainList()
    {
        var act = from kind in Gen.Choose(0, 5) from lane in Gen.Elements(Lanes) from seconds in Gen.Choose(0, 4) from place in Gen.Choose(0, 1000) select (kind, lane, seconds, place);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(act.ListOf(60).ToArbitrary(), acts =>
        {
            var (queue, now, next) = (new LaneQueue<int>(), 0L, 0);
            List<(int Item, long Due, Func<bool> Out)> plain = [];
            foreach (var (kind, lane, seconds, place) in acts)
            {
                now += TimeSpan.FromSeconds(seconds).Ticks;
                if (kind <= 2)
                {
                    plain.Add((next, now + LaneQueue<int>.Ageing(lane).Ticks, queue.Add(next, lane, now)));
                    next++;
                }
                else if (kind == 3 && plain.Count > 0)
                {
                    var gone = plain[place % plain.Count];
                    plain.Remove(gone);
                    Assert.True(gone.Out());
                    Assert.False(gone.Out());
                }
                else if (kind == 4)
                {
                    Assert.Equal(plain.Count > 0, queue.TryTake(out var item));
                    if (plain.Count > 0)
                    {
                        var taken = plain.Single(entry => entry.Item == item);
                        Assert.Equal(plain.Min(entry => entry.Due), taken.Due);
                        plain.Remove(taken);
                        Assert.False(taken.Out());
                    }
                }

                Assert.Equal(plain.Count, queue.Count);
                Assert.Equal(plain.Count == 0 ? null : plain.Min(entry => entry.Due), queue.FirstDue);
                foreach (var asker in Lanes) Assert.Equal(plain.Count(entry => entry.Due <= now + LaneQueue<int>.Ageing(asker).Ticks), queue.Ahead(asker, now));
            }
        }));
    }
}
