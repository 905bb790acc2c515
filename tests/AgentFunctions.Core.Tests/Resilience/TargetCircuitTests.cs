using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Resilience;

public sealed class TargetCircuitTests : IDisposable
{
    private static readonly CircuitTarget Target = new(CircuitKind.Deployment, "m@h");
    private readonly ManualTime time = new();
    private readonly SharedCircuits shared;
    private readonly ResilienceMetrics metrics = new();
    private readonly List<CircuitBreakers> workers = [];

    public TargetCircuitTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        shared = new SharedCircuits(time);
    }

    public void Dispose()
    {
        workers.ForEach(worker => worker.Dispose());
        metrics.Dispose();
    }

    [Fact]
    public async Task Enter_KeepsFailing_IsRefusedAndSaysSinceWhenAndUntilWhen()
    {
        var circuit = Worker();
        await FailAsync(circuit);

        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());

        Assert.Equal(("m@h", TimeSpan.FromSeconds(5)), (refused.Target, refused.RetryAfter));
        Assert.Equal("The deployment 'm@h' has been broken since 2026-01-01 00:00:00 UTC (last failure: TimeoutException), and was not called. It is tried again at 00:00:05 UTC, in 5.0 s.", refused.Message);
        Assert.Equal((CircuitPhase.Open, 1, 1), (circuit.Status().State, circuit.Status().Opened, circuit.Status().Refused));
    }

    [Fact]
    public async Task Enter_HealthyCalls_TellNothingAndReadNowAndThen()
    {
        var circuit = Worker();
        for (var i = 0; i < 1000; i++)
        {
            (await circuit.EnterAsync(CancellationToken.None)).Answered();
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Empty(shared.Told);
        Assert.Equal(5, shared.Reads);
    }

    [Fact]
    public async Task Enter_AnotherWorkerOpened_IsRefusedWithinTheInterval()
    {
        var (one, other) = (Worker(), Worker());
        (await other.EnterAsync(CancellationToken.None)).Answered();
        await FailAsync(one);
        time.Advance(TimeSpan.FromSeconds(2));

        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => other.EnterAsync(CancellationToken.None).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
        Assert.Single(shared.Told);
    }

    [Fact]
    public async Task Ended_AFirstFailure_LooksWhatOthersKnowAtOnce()
    {
        var (one, other) = (Worker(), Worker());
        (await other.EnterAsync(CancellationToken.None)).Answered();
        await FailAsync(one);
        time.Advance(TimeSpan.FromMilliseconds(300));

        (await other.EnterAsync(CancellationToken.None)).Failed(new TimeoutException());

        await Assert.ThrowsAsync<CircuitOpenException>(() => other.EnterAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Enter_AWorkerThatIsNew_KnowsBeforeItsFirstCall()
    {
        await FailAsync(Worker());
        await Assert.ThrowsAsync<CircuitOpenException>(() => Worker().EnterAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Enter_AfterTheBreak_OneWorkerProbesAndItsAnswerClosesItForAll()
    {
        var (one, other) = (Worker(), Worker());
        (await other.EnterAsync(CancellationToken.None)).Answered();
        await FailAsync(one);
        time.Advance(TimeSpan.FromSeconds(5));

        var probe = await one.EnterAsync(CancellationToken.None);
        Assert.True(probe.IsProbe);
        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => other.EnterAsync(CancellationToken.None).AsTask());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);

        probe.Answered();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await one.EnterAsync(CancellationToken.None)).IsProbe);
        Assert.False((await other.EnterAsync(CancellationToken.None)).IsProbe);
        Assert.Equal((2, false), (shared.StateOf(Target)!.Version, shared.StateOf(Target)!.IsOpen));
    }

    [Fact]
    public async Task Enter_ProbeFails_StaysOpenForLongerOnAll()
    {
        var (one, other) = (Worker(), Worker());
        await FailAsync(one);
        time.Advance(TimeSpan.FromSeconds(5));
        (await other.EnterAsync(CancellationToken.None)).Failed(new TimeoutException());
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(8), (await Assert.ThrowsAsync<CircuitOpenException>(() => one.EnterAsync(CancellationToken.None).AsTask())).RetryAfter);
        Assert.Equal(2, shared.StateOf(Target)!.Opened);
    }

    [Fact]
    public async Task Enter_TheProberIsGivenUp_AnotherMayProbeAtOnce()
    {
        var (one, other) = (Worker(), Worker());
        await FailAsync(one);
        time.Advance(TimeSpan.FromSeconds(5));
        (await one.EnterAsync(CancellationToken.None)).Nothing();
        Assert.True((await other.EnterAsync(CancellationToken.None)).IsProbe);
    }

    [Fact]
    public async Task Enter_TheProberDies_AnotherProbesAfterTheLease()
    {
        var (one, other) = (Worker(), Worker());
        await FailAsync(one);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await one.EnterAsync(CancellationToken.None)).IsProbe);
        await Assert.ThrowsAsync<CircuitOpenException>(() => other.EnterAsync(CancellationToken.None).AsTask());
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await other.EnterAsync(CancellationToken.None)).IsProbe);
    }

    [Fact]
    public async Task Enter_NobodyServesTheEntity_ProbesByItselfAfterAWhile()
    {
        var circuit = Worker();
        await FailAsync(circuit);
        shared.Serves = false;
        time.Advance(TimeSpan.FromSeconds(5));

        var asking = circuit.EnterAsync(CancellationToken.None).AsTask();
        for (var i = 0; i < 100 && !asking.IsCompleted; i++)
        {
            await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());
            time.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.True((await asking).IsProbe);
    }

    [Fact]
    public async Task Enter_TheCallIsGivenUpWhileItAsks_AnotherMayProbe()
    {
        var circuit = Worker();
        await FailAsync(circuit);
        shared.Serves = false;
        time.Advance(TimeSpan.FromSeconds(5));
        using var impatient = new CancellationTokenSource();
        var asking = circuit.EnterAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        shared.Serves = true;
        Assert.True((await circuit.EnterAsync(CancellationToken.None)).IsProbe);
        Assert.Equal(1, circuit.Status().Opened);
    }

    [Fact]
    public async Task Enter_TheStoreIsAway_GoesOnByWhatItSees()
    {
        shared.Failure = new IOException("away");
        var circuit = Worker();
        await FailAsync(circuit);
        await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());
        time.Advance(TimeSpan.FromSeconds(5));
        (await circuit.EnterAsync(CancellationToken.None)).Answered();
        Assert.Equal(CircuitPhase.Closed, circuit.Status().State);
    }

    [Fact]
    public async Task Enter_NewsWereLost_AreToldAgain()
    {
        var circuit = Worker();
        shared.Serves = false;
        await FailAsync(circuit);
        shared.Serves = true;
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());
        Assert.True(shared.StateOf(Target)!.IsOpen);
        Assert.Equal(2, shared.Told.Count);
    }

    [Fact]
    public async Task Enter_TheEntityBeginsAnew_TheWorkerGoesOnAndSharesAgain()
    {
        var circuit = Worker();
        await FailAsync(circuit);
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());
        shared.Clear();
        time.Advance(TimeSpan.FromSeconds(5));
        (await circuit.EnterAsync(CancellationToken.None)).Answered();
        await FailAsync(circuit);
        Assert.True(shared.StateOf(Target)!.IsOpen);
    }

    [Fact]
    public async Task Enter_NoEngine_IsTheWorkersOwnAndSaysSoOnce()
    {
        shared.IsThere = false;
        var lines = new Lines();
        var circuit = Worker(lines);
        await FailAsync(circuit);
        await Assert.ThrowsAsync<CircuitOpenException>(() => circuit.EnterAsync(CancellationToken.None).AsTask());
        time.Advance(TimeSpan.FromSeconds(5));
        (await circuit.EnterAsync(CancellationToken.None)).Answered();
        Assert.Empty(shared.Told);
        Assert.Equal(0, shared.Reads);
        Assert.Single(lines.All, line => line.Contains("each worker finds out by itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_OpenOnAll_TellsTheEntityAndThisWorker()
    {
        var circuit = Worker();
        await FailAsync(circuit);
        var report = Assert.Single((await workers[0].ReportAsync(CancellationToken.None)).Circuits);
        Assert.Equal(("m@h", true, CircuitPhase.Open, 5, 1, "TimeoutException", time.GetUtcNow().AddSeconds(5)), (report.Target, report.Shared, report.State, report.Failures, report.Opened, report.LastFailure, report.OpenUntil));
        time.Advance(TimeSpan.FromSeconds(5));
        await circuit.EnterAsync(CancellationToken.None);
        report = Assert.Single((await workers[0].ReportAsync(CancellationToken.None)).Circuits);
        Assert.Equal((CircuitPhase.HalfOpen, workers[0].Worker, CircuitPhase.HalfOpen), (report.State, report.Prober, report.Here.State));
    }

    [Fact]
    public async Task Report_TheStoreIsAway_IsThisWorkersOwn()
    {
        var circuit = Worker();
        await FailAsync(circuit);
        shared.Failure = new IOException("away");
        var report = Assert.Single((await workers[0].ReportAsync(CancellationToken.None)).Circuits);
        Assert.Equal(("m@h", false, CircuitPhase.Open, time.GetUtcNow().AddSeconds(5)), (report.Target, report.Shared, report.State, report.OpenUntil));
    }

    private static async Task FailAsync(TargetCircuit circuit)
    {
        for (var i = 0; i < 5; i++) (await circuit.EnterAsync(CancellationToken.None)).Failed(new TimeoutException("late"));
    }

    private TargetCircuit Worker(ILogger? log = null)
    {
        using var loggers = new OneLogger(log ?? NullLogger.Instance);
        var worker = new CircuitBreakers(new ResilienceOptions(), shared, time, metrics, loggers, () => 0);
        workers.Add(worker);
        return worker.OfDeployment("m@h")!;
    }

    private sealed class OneLogger(ILogger logger) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception));
    }
}
