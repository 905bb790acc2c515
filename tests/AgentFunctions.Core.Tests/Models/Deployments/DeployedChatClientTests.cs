using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Deployments;

public sealed class DeployedChatClientTests
{
    private static readonly ChatResponseUpdate[] Hello = [new(ChatRole.Assistant, "Hel"), new(ChatRole.Assistant, "lo")];
    private readonly List<int> called = [];
    private readonly ManualTime time = new();
    private readonly Dictionary<int, Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>> behaviours = [];
    private DeploymentPool? pool;

    [Fact]
    public async Task GetResponse_OneAffinity_IsAlwaysOneDeployment()
    {
        using var client = Client(4);
        for (var i = 0; i < 20; i++) await client.GetResponseAsync([], Affine("session-1"));
        Assert.Single(called.Distinct());
    }

    [Fact]
    public async Task GetResponse_ManyAffinities_UseAllDeployments()
    {
        using var client = Client(4);
        for (var i = 0; i < 100; i++) await client.GetResponseAsync([], Affine($"session-{i}"));
        Assert.Equal(4, called.Distinct().Count());
    }

    [Fact]
    public async Task GetResponse_RoundRobin_TakesTurns()
    {
        using var client = Client(3);
        for (var i = 0; i < 9; i++) await client.GetResponseAsync([]);
        Assert.All(called.CountBy(number => number), count => Assert.Equal(3, count.Value));
    }

    [Fact]
    public async Task GetResponse_Refused_GoesToTheOthersAtOnceAndStaysAway()
    {
        behaviours[0] = Throws(new ThrottledException("Too many.", TimeSpan.FromSeconds(5)));
        behaviours[2] = Throws(new CircuitOpenException("m@host-2", "It is open.", TimeSpan.FromSeconds(9)));
        using var client = Client(3);
        Assert.Equal("Hello", (await client.GetResponseAsync([])).Text);
        Assert.Equal([0, 2, 1], called);
        for (var i = 0; i < 5; i++) await client.GetResponseAsync([], Affine($"session-{i}"));
        Assert.All(called.Skip(2), number => Assert.Equal(1, number));
    }

    [Fact]
    public async Task GetResponse_AllRefuse_IsOneErrorWithTheShortestWaitAndEachReasonAndEachIsAskedOnce()
    {
        behaviours[0] = Throws(new ThrottledException("A.", TimeSpan.FromSeconds(9)));
        behaviours[1] = Throws(new CircuitOpenException("m@host-1", "B.", TimeSpan.FromSeconds(4)));
        behaviours[2] = Throws(new DeploymentRefusedException("C."));
        using var client = Client(3);
        var refusal = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([]));
        Assert.Equal(TimeSpan.FromSeconds(4), refusal.RetryAfter);
        Assert.Equal("None of the 3 deployments of 'm' takes this call. Come back in 4.0 s. m@host-0 refuses: A.; m@host-1 refuses: B.; m@host-2 refuses: C.", refusal.Message);
        Assert.IsType<CircuitOpenException>(refusal.InnerException);
        Assert.Equal([0, 1, 2], called.Order());
    }

    [Fact]
    public async Task GetResponse_AllCircuitsAreOpen_IsAnOpenCircuitWithTheShortestWait()
    {
        for (var i = 0; i < 3; i++) behaviours[i] = Throws(new CircuitOpenException($"m@host-{i}", $"{i}.", TimeSpan.FromSeconds(20 - i)));
        using var client = Client(3);
        for (var i = 0; i < 2; i++)
        {
            var refusal = await Assert.ThrowsAsync<CircuitOpenException>(() => client.GetResponseAsync([]));
            Assert.Equal(("m@host-2", TimeSpan.FromSeconds(18)), (refusal.Target, refusal.RetryAfter));
        }

        // The second time one was asked; of the others it is known.
        Assert.Equal(4, called.Count);
    }

    [Fact]
    public async Task GetResponse_NoneSaysWhenToComeBack_TheWaitIsTheCallers()
    {
        for (var i = 0; i < 2; i++) behaviours[i] = Throws(new ThrottledException($"{i}.", retryAfter: null));
        using var client = Client(2);
        Assert.Null((await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([]))).RetryAfter);
    }

    [Fact]
    public async Task GetResponse_OneDeploymentRefuses_IsItsOwnRefusal()
    {
        behaviours[0] = Throws(new ThrottledException("A.", TimeSpan.FromSeconds(9)));
        using var client = Client(1);
        Assert.Equal("A.", (await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([]))).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_OneHasAKeyThatIsNotValid_TheOthersAnswerAndItIsSeldomAsked(bool streams)
    {
        behaviours[0] = Throws(new DeploymentRefusedException("No such key."));
        using var client = Client(4);
        for (var i = 0; i < 100; i++)
        {
            if (streams) Assert.NotEmpty(await client.GetStreamingResponseAsync([]).ToListAsync());
            else await client.GetResponseAsync([]);
            time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(called.Count(number => number == 0), 1, 5);
        Assert.Equal((false, "Refusal", nameof(DeploymentRefusedException)), (Report(0).Healthy, Report(0).LeftFor, Report(0).LastFailure));
    }

    [Fact]
    public async Task GetResponse_NoKeyIsValid_IsPermanentWithEachReason()
    {
        for (var i = 0; i < 2; i++) behaviours[i] = Throws(new DeploymentRefusedException($"No key {i}."));
        using var client = Client(2);
        var refusal = await Assert.ThrowsAsync<DeploymentRefusedException>(() => client.GetResponseAsync([]));
        Assert.Equal("None of the 2 deployments of 'm' takes this call. m@host-0 refuses: No key 0.; m@host-1 refuses: No key 1.", refusal.Message);
        Assert.True(FailureDetails.From(refusal).Permanent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_FailsWhereNoOtherIsWell_SaysHowEachStandsAndWhenTheFirstIsTriedAgain(bool streams)
    {
        behaviours[0] = Throws(new ThrottledException("Too many.", TimeSpan.FromSeconds(9)));
        behaviours[1] = Throws(new ModelUnavailableException("Down."));
        behaviours[2] = Throws(new TimeoutException("Too late."));
        using var client = Client(3);

        // As long as another is well a failure goes on as it is.
        foreach (var message in new[] { "Too late.", "Down.", "Too late." }) Assert.Equal(message, (await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync([]))).Message);
        var last = streams
            ? await Assert.ThrowsAsync<ModelUnavailableException>(async () => await client.GetStreamingResponseAsync([]).ToListAsync())
            : await Assert.ThrowsAsync<ModelUnavailableException>(() => client.GetResponseAsync([]));
        Assert.Matches(@"^m@host-1 failed: Down\. No other deployment of 'm' is well; the first is tried again in [01]\.\d s\. m@host-0 has refused \(ThrottledException\) and is left alone for 9\.0 s more; m@host-2 has failed \(TimeoutException\) and is left alone for [01]\.\d s more$", last.Message);
        Assert.Equal("Down.", last.InnerException!.Message);
    }

    [Fact]
    public async Task GetResponse_AllHaveSaidThatTheyRefuse_AsksOneAndNamesTheShortestWait()
    {
        for (var i = 0; i < 3; i++) behaviours[i] = Throws(new ThrottledException($"{i}.", TimeSpan.FromSeconds(20 - i)));
        using var client = Client(3);
        await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([]));
        called.Clear();
        time.Advance(TimeSpan.FromSeconds(10));
        var refusal = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([]));
        Assert.Equal([2], called);
        Assert.Equal(TimeSpan.FromSeconds(9), refusal.RetryAfter);
        Assert.Equal("None of the 3 deployments of 'm' takes this call. Come back in 9.0 s. m@host-0 has refused (ThrottledException) and is left alone for 10.0 s more; m@host-1 has refused (ThrottledException) and is left alone for 9.0 s more; m@host-2 refuses: 2.", refusal.Message);
    }

    [Fact]
    public async Task GetResponse_Fails_IsThrownAndTheNextCallGoesElsewhere()
    {
        behaviours[0] = Throws(new ModelUnavailableException("Down."));
        using var client = Client(2);
        await Assert.ThrowsAsync<ModelUnavailableException>(() => client.GetResponseAsync([]));
        Assert.Equal([0], called);
        for (var i = 0; i < 4; i++) await client.GetResponseAsync([]);
        Assert.Equal([0, 1, 1, 1, 1], called);
        Assert.Equal((false, "Failure", 1), (Report(0).Healthy, Report(0).LeftFor, Report(0).Failures));
    }

    [Fact]
    public async Task GetResponse_SessionsOwnFails_GoesToItsNextAndComesBackWithTime()
    {
        using var client = Client(4);
        await client.GetResponseAsync([], Affine("session-1"));
        var own = called[0];
        behaviours[own] = Throws(new TimeoutException("Too late."));
        await Assert.ThrowsAsync<TimeoutException>(() => client.GetResponseAsync([], Affine("session-1")));
        behaviours.Clear();
        for (var i = 0; i < 3; i++) await client.GetResponseAsync([], Affine("session-1"));
        Assert.Equal(2, called.Distinct().Count());
        Assert.DoesNotContain(own, called.Skip(2));
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetResponseAsync([], Affine("session-1"));
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetResponseAsync([], Affine("session-1"));
        Assert.Equal([own, own], called.TakeLast(2));
    }

    [Theory]
    [InlineData(typeof(PermanentFailureException))]
    [InlineData(typeof(ArgumentException))]
    public async Task GetResponse_WrongInput_SaysNothingOfTheDeployment(Type error)
    {
        behaviours[0] = Throws((Exception)(error == typeof(PermanentFailureException) ? new PermanentFailureException("Wrong.") : new ArgumentException("Wrong.")));
        using var client = Client(2);
        await Assert.ThrowsAsync(error, () => client.GetResponseAsync([]));
        Assert.Equal((true, 0, 0), (Report(0).Healthy, Report(0).Failures, Report(0).InFlight));
    }

    [Fact]
    public async Task GetResponse_CancelledByItsCaller_SaysNothingOfTheDeployment()
    {
        using var cancelled = new CancellationTokenSource();
        behaviours[0] = _ =>
        {
            cancelled.Cancel();
            throw new ThrottledException("Late.", TimeSpan.FromSeconds(1));
        };
        using var client = Client(2);
        await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync([], cancellationToken: cancelled.Token));
        Assert.Equal([0], called);
        Assert.Equal((true, 0, 0), (Report(0).Healthy, Report(0).Refusals, Report(0).InFlight));
    }

    [Fact]
    public async Task Stream_Refused_GoesToTheNextBeforeAnythingCame()
    {
        behaviours[0] = Throws(new ThrottledException("Too many.", TimeSpan.FromSeconds(5)));
        using var client = Client(2);
        Assert.Equal("Hello", (await client.GetStreamingResponseAsync([]).ToListAsync()).ToChatResponse().Text);
        Assert.Equal([0, 1], called);
        Assert.Equal((0, 1, 1), (Report(0).InFlight, Report(0).Refusals, Report(1).Answered));
    }

    [Fact]
    public async Task Stream_BreaksOffAmidTheAnswer_IsThrownAndNotMadeAgain()
    {
        behaviours[0] = _ => BreaksOff(new ThrottledException("Enough.", TimeSpan.FromSeconds(5)));
        using var client = Client(2);
        List<ChatResponseUpdate> heard = [];
        await Assert.ThrowsAsync<ThrottledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync([])) heard.Add(update);
        });
        Assert.Equal([0], called);
        Assert.Equal("Hel", heard.ToChatResponse().Text);
        Assert.Equal((false, 0, 1), (Report(0).Healthy, Report(0).Answered, Report(0).Refusals));
    }

    [Fact]
    public async Task Stream_FirstPiece_IsTheTimeToAnswer()
    {
        behaviours[0] = Slowly;
        using var client = Client(1);
        await foreach (var update in client.GetStreamingResponseAsync([])) Assert.Equal(1, Report(0).InFlight);
        Assert.Equal((0, 200, 200, 1), (Report(0).InFlight, Report(0).AverageMs, Report(0).P95Ms, Report(0).Answered));
    }

    [Fact]
    public async Task Stream_ReaderLeavesInTheMiddle_HasItsAnswer()
    {
        using var client = Client(1);
        await foreach (var update in client.GetStreamingResponseAsync([])) break;
        Assert.Equal((0, 1, true), (Report(0).InFlight, Report(0).Answered, Report(0).Healthy));
    }

    [Fact]
    public void Construct_NoDeployments_IsRefused() => Assert.Throws<ArgumentException>(() => new DeployedChatClient([]));

    [Fact]
    public void Construct_PoolOfOthers_IsRefused() => Assert.Throws<ArgumentException>(() => new DeployedChatClient([(Endpoint(0), new FakeClient(this, 0)), (Endpoint(1), new FakeClient(this, 1))], new DeploymentPool("m", [Endpoint(0)])));

    private static ChatOptions Affine(string key) => new() { AdditionalProperties = new() { [ModelProperties.Affinity] = key } };

    private static ModelEndpoint Endpoint(int number) => new(new Uri($"https://host-{number}/v1"));

    private static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Throws(Exception error) => _ => throw error;

    private static async IAsyncEnumerable<ChatResponseUpdate> BreaksOff(Exception error)
    {
        yield return Hello[0];
        await Task.CompletedTask;
        throw error;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Slowly([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        time.Advance(TimeSpan.FromMilliseconds(200));
        yield return Hello[0];
        time.Advance(TimeSpan.FromMilliseconds(900));
        yield return Hello[1];
    }

    private DeploymentReport Report(int deployment) => pool!.Report().Deployments[deployment];

    private DeployedChatClient Client(int deployments)
    {
        pool = new DeploymentPool("m", [.. Enumerable.Range(0, deployments).Select(Endpoint)], new BalancingOptions { Strategy = BalancingStrategy.RoundRobin }, time, new Random(1));
        return new([.. Enumerable.Range(0, deployments).Select(number => (Endpoint(number), (IChatClient)new FakeClient(this, number)))], pool);
    }

    private sealed class FakeClient(DeployedChatClientTests test, int number) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            (await GetStreamingResponseAsync(messages, options, cancellationToken).ToListAsync(cancellationToken)).ToChatResponse();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            test.called.Add(number);
            var behaviour = test.behaviours.GetValueOrDefault(number) ?? (_ => Hello.ToAsyncEnumerable());
            await foreach (var update in behaviour(cancellationToken)) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
