using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Batching;

/// <summary>What holds for any calls in any lanes, whenever they come and however long the provider takes.</summary>
public sealed class BatchingPropertiesTests
{
    public BatchingPropertiesTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Fact]
    public void Generate_AnyTraffic_NoneWaitsTooLongOrderIsKeptAndRequestsAreWithinTheLimits()
    {
        var call = from lane in Gen.Elements(RunPriority.Interactive, RunPriority.Workflow, RunPriority.Background)
                   from texts in Gen.Frequency((8, Gen.Choose(1, 3)), (1, Gen.Choose(20, 60)))
                   from wait in Gen.Frequency((5, Gen.Choose(0, 3)), (2, Gen.Choose(5, 200)))
                   from length in Gen.Choose(1, 200)
                   from leaves in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
                   select new Call(lane, texts, wait, length, leaves);
        var cases = from calls in call.ListOf(40) from latency in Gen.Choose(0, 300) select (calls.ToList(), latency);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(cases.ToArbitrary(), @case => Run(@case.Item1, @case.latency)));
    }

    private static void Run(List<Call> calls, int latency)
    {
        var time = new ManualTime();
        var model = new Provider(time, latency);
        using var generator = new BatchingEmbeddingGenerator(model, new BatchOptions { MaxTexts = 24, MaxTokens = 600 }, time);
        using var cancel = new CancellationTokenSource();
        List<Task<GeneratedEmbeddings<Embedding<float>>>> answers = [];
        List<long> came = [];
        for (var i = 0; i < calls.Count; i++)
        {
            for (var ms = 0; ms < calls[i].Wait; ms++) time.Advance(TimeSpan.FromMilliseconds(1));
            came.Add(time.GetTimestamp());
            answers.Add(generator.GenerateAsync([.. Texts(calls, i)], new EmbeddingGenerationOptions { AdditionalProperties = new() { [ModelProperties.Priority] = calls[i].Lane } }, calls[i].Leaves ? cancel.Token : CancellationToken.None));
            if (i == calls.Count / 2) cancel.Cancel();
        }

        for (var ms = 0; ms < 2000; ms++) time.Advance(TimeSpan.FromMilliseconds(1));

        // What was sent was sent in this thread, so that no time passed meanwhile; only the callers hear of it in others.
        Assert.All(model.Sent, request => Assert.Equal(Environment.CurrentManagedThreadId, request.Thread));
        Assert.True(Task.WhenAll(answers).ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(30)), "A call has no answer.");
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (texts, at, _) in model.Sent)
        {
            Assert.InRange(texts.Length, 1, 24);
            Assert.True(texts.Length == 1 || texts.Sum(text => AgentFunctions.Core.Policies.TokenEstimate.Count(text)) <= 600);
            foreach (var text in texts) sent.Add(text, at);
        }

        var rules = new BatchOptions().Rules;
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i].Leaves && answers[i].IsCanceled) continue;
            var texts = Texts(calls, i).ToList();
            Assert.True(answers[i].IsCompletedSuccessfully, $"{calls[i]} {answers[i].Status}");
            Assert.Equal(texts.Select(text => ScriptedEmbeddings.VectorOf(text).Vector.ToArray()), answers[i].Result.Select(vector => vector.Vector.ToArray()));
            foreach (var text in texts) Assert.InRange(sent[text] - came[i], 0, rules.WaitOf(calls[i].Lane).Ticks);
        }

        foreach (var lane in Enum.GetValues<RunPriority>())
        {
            var order = model.Sent.SelectMany(request => request.Texts).Where(text => text.StartsWith(lane.ToString(), StringComparison.Ordinal)).Select(text => int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(order.Order(), order);
        }
    }

    private static IEnumerable<string> Texts(List<Call> calls, int number) => Enumerable.Range(0, calls[number].Texts).Select(i => $"{calls[number].Lane} {number} {i} {new string('x', calls[number].Length)}");

    private sealed record Call(RunPriority Lane, int Texts, int Wait, int Length, bool Leaves);

    private sealed class Provider(ManualTime time, int latency) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<(string[] Texts, long At, int Thread)> Sent { get; } = [];

        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            string[] texts = [.. values];
            Sent.Add((texts, time.GetTimestamp(), Environment.CurrentManagedThreadId));

            // Not a delay with a token: what follows it, when it is cancelled, may run in another thread while this one lets time pass.
            var answer = new TaskCompletionSource();
            await using var timer = time.CreateTimer(_ => answer.TrySetResult(), state: null, TimeSpan.FromMilliseconds(latency), Timeout.InfiniteTimeSpan);
            await using var abandoned = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            if (latency > 0) await answer.Task;
            return [.. texts.Select(ScriptedEmbeddings.VectorOf)];
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
