using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class MessageQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Post_FromSeveralThreads_WakesTheReaderForEveryMessageInTheOrderOfEachSender()
    {
        const int Senders = 4;
        const int Each = 20_000;
        using var queue = new MessageQueue();
        var last = new long[Senders];
        var received = 0;
        var sleeps = 0;
        var outOfOrder = 0;
        var reader = new Thread(() =>
        {
            while (received < Senders * Each)
            {
                if (queue.TryTake(out var message))
                {
                    var (sender, number) = Math.DivRem(((ForeignTaskAwaited)message).Handle, Each);
                    outOfOrder += last[sender]++ == number ? 0 : 1;
                    received++;
                }
                else
                {
                    sleeps++;
                    queue.Wait(() => true);
                }
            }
        }) { IsBackground = true };
        reader.Start();

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.Post(new ForeignTaskAwaited((sender * Each) + i));
                if (i % 200 == 0)
                {
                    // Lets the reader fall asleep now and then.
                    Thread.Sleep(1);
                }
            }
        })));

        Assert.True(reader.Join(Patience), $"A wake-up was lost: the reader sleeps with {received} of {Senders * Each} messages read.");
        Assert.Equal(0, outOfOrder);
        Assert.True(sleeps > 1, "The reader never slept, so this showed nothing.");
    }

    [Fact]
    public void Post_OneAtATimeToASleepingReader_WakesItEachTime()
    {
        const int Count = 5_000;
        using var queue = new MessageQueue();
        using var answered = new SemaphoreSlim(0);
        var reader = new Thread(() =>
        {
            for (var taken = 0; taken < Count;)
            {
                if (queue.TryTake(out _))
                {
                    taken++;
                    answered.Release();
                }
                else
                {
                    queue.Wait(() => true);
                }
            }
        }) { IsBackground = true };
        reader.Start();

        for (var i = 0; i < Count; i++)
        {
            queue.Post(new ForeignTaskAwaited(i));
            Assert.True(answered.Wait(Patience), $"Message {i} woke nobody.");
        }

        Assert.True(reader.Join(Patience));
    }

    [Fact]
    public void Wait_ThereIsNoReasonToStay_Returns()
    {
        using var queue = new MessageQueue();

        queue.Wait(() => false);

        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void Wait_AMessageIsThere_ReturnsWithoutAsking()
    {
        using var queue = new MessageQueue();
        queue.Post(new ForeignTaskAwaited(1));

        queue.Wait(() => throw new InvalidOperationException("must not be asked"));

        Assert.True(queue.TryTake(out _));
    }

    [Fact]
    public void Wake_BetweenAnnouncingSleepAndSleeping_IsNotLost()
    {
        using var queue = new MessageQueue();
        var woken = new Thread(() => queue.Wait(() =>
        {
            // The moment after sleep was announced, and before it begins.
            queue.Wake();
            return true;
        })) { IsBackground = true };
        woken.Start();

        Assert.True(woken.Join(Patience));
    }

    [Fact]
    public void Post_AfterDispose_DoesNotThrow()
    {
        var queue = new MessageQueue();
        queue.Dispose();

        queue.Post(new ForeignTaskAwaited(1));

        Assert.True(queue.TryTake(out _));
    }
}
