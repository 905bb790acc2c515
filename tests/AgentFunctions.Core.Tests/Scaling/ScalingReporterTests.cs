using System.Diagnostics.Metrics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.Core.Tests.Scaling;

public sealed class ScalingReporterTests : IDisposable
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);
    private readonly ManualTime time = new();
    private readonly ScalingHost host;
    private readonly List<ScalingReporter> made = [];

    public ScalingReporterTests() => host = new ScalingHost(time);

    public void Dispose() => made.ForEach(reporter => reporter.Dispose());

    [Fact]
    public async Task Read_OnAnyWorker_IsTheSameNumber()
    {
        ScalingReporter[] workers = [Make(running: 10), Make(running: 10), Make(running: 4)];
        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var worker in workers) await worker.TurnAsync(CancellationToken.None);
            time.Advance(Ten);
        }

        var reports = await Task.WhenAll(workers.Select(worker => worker.ReadAsync(host.Current!, CancellationToken.None)));

        Assert.All(reports, report => Assert.Equal(reports[0], report));
        Assert.Equal((4, 3, 24, 30, 0.8), (reports[0]!.Wanted, reports[0]!.Current, reports[0]!.Running, reports[0]!.Slots, reports[0]!.Utilisation));
        Assert.Equal(9, host.Reports.Count);
    }

    [Fact]
    public async Task Read_BeforeAnyTold_IsNotKnown() => Assert.Null(await Make().ReadAsync(host.Current!, CancellationToken.None));

    [Fact]
    public async Task Read_TheOnlyWorker_IsKnownAtOnceAndToldWhileAskedOnly()
    {
        var worker = Make(reports: ScalingReports.WhenAsked);
        await worker.TurnAsync(CancellationToken.None);
        Assert.Empty(host.Reports);

        Assert.Equal(1, (await worker.ReadAsync(host.Current!, CancellationToken.None))!.Wanted);
        await worker.ReadAsync(host.Current!, CancellationToken.None);
        Assert.Single(host.Reports);
        time.Advance(Ten);
        await worker.TurnAsync(CancellationToken.None);
        Assert.Equal(2, host.Reports.Count);
        time.Advance(TimeSpan.FromMinutes(2));
        await worker.TurnAsync(CancellationToken.None);
        Assert.Equal(2, host.Reports.Count);
        Assert.Equal(1, (await worker.ReadAsync(host.Current!, CancellationToken.None))!.Wanted);
    }

    [Fact]
    public async Task Leave_ToldOnceAndNothingMore()
    {
        var (stays, leaves) = (Make(), Make());
        for (var turn = 0; turn < 3; turn++)
        {
            await stays.TurnAsync(CancellationToken.None);
            await leaves.TurnAsync(CancellationToken.None);
            time.Advance(Ten);
        }

        await leaves.StopAsync(CancellationToken.None);
        await leaves.LeaveAsync(CancellationToken.None);
        await leaves.TurnAsync(CancellationToken.None);

        Assert.Equal(7, host.Reports.Count);
        Assert.True(host.Reports[^1].Leaving);
        Assert.Equal(1, (await stays.ReadAsync(host.Current!, CancellationToken.None))!.Current);
    }

    [Fact]
    public async Task Leave_NeverTold_SaysNothing()
    {
        await Make().LeaveAsync(CancellationToken.None);
        Assert.Empty(host.Reports);
    }

    [Fact]
    public async Task Turn_TheTaskHubIsAway_SaysItOnceAndGoesOn()
    {
        var logger = new Mock<ILogger<ScalingReporter>>();
        logger.Setup(log => log.IsEnabled(It.IsAny<LogLevel>())).Returns(true);
        var worker = Make(logger: logger.Object);
        host.Fails = true;
        await worker.TurnAsync(CancellationToken.None);
        await worker.TurnAsync(CancellationToken.None);
        Assert.Equal(1, logger.Invocations.Count(call => string.Equals(call.Method.Name, nameof(ILogger.Log), StringComparison.Ordinal)));
        await worker.LeaveAsync(CancellationToken.None);
        host.Fails = false;
        var next = Make();
        await next.TurnAsync(CancellationToken.None);
        Assert.Single(host.Reports);
    }

    [Fact]
    public async Task Metrics_ShowWhatWasDecidedUntilItIsOld()
    {
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        var worker = Make(running: 9, reports: ScalingReports.WhenAsked);

        // Other tests have workers too.
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (ReferenceEquals(instrument.Meter.Scope, worker)) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        await worker.ReadAsync(host.Current!, CancellationToken.None);

        listener.RecordObservableInstruments();
        Assert.Equal((2, 1, 0.9), (seen[ScalingMetricNames.Wanted], seen[ScalingMetricNames.Current], seen[ScalingMetricNames.Utilisation]));
        seen.Clear();
        time.Advance(TimeSpan.FromSeconds(46));
        listener.RecordObservableInstruments();
        Assert.Empty(seen);
    }

    [Fact]
    public async Task Turn_CallsWaitForAProvidersQuota_TellsHowMany()
    {
        // A limiter that never answers: whoever asks waits.
        var silent = new Mock<IRunClient>();
        var models = new ModelOptions { Endpoint = new Uri("http://127.0.0.1:9/v1"), Key = "any", Fast = new ModelChoice("m", ModelPrice.Free) { Limits = new RateLimits { RequestsPerMinute = 60 } } };
        using var limiters = new DeploymentLimiters(models, Mock.Of<IEngineClient>(source => source.Current == silent.Object), new LimitOptions(), time, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 3).Select(_ => limiters.All.Single().AcquireAsync(1, RunPriority.Workflow, stop.Token)).ToList();

        await Make(limiters: limiters).TurnAsync(CancellationToken.None);

        Assert.Equal(3, Assert.Single(host.Reports).Limited);
        await stop.CancelAsync();
        foreach (var call in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Validate_Defaults_AreAllowed() => Assert.True(new ScalingOptionsValidation().Validate(null, new ScalingOptions()).Succeeded);

    [Fact]
    public void Validate_OutOfRange_NamesSettingValueAndRange()
    {
        var options = new ScalingOptions { App = "a/b", Report = (ScalingReports)7, ReportEvery = TimeSpan.FromSeconds(30), MinInstances = 5, MaxInstances = 4, ScaleInUtilisation = 0.66, HoldAtFailureShare = double.NaN, StepOut = 0, InAfter = TimeSpan.FromDays(2), ForecastAhead = TimeSpan.FromHours(3) };

        var failures = new ScalingOptionsValidation().Validate(null, options).Failures!.ToList();

        Assert.Equal(9, failures.Count);
        Assert.Contains("Scaling:MaxInstances is 4. Set it to between 5 and 1000.", failures);
        Assert.Contains("Scaling:ScaleInUtilisation is 0.66. Set it to between 0.05 and 0.65.", failures);
        Assert.Contains("Scaling:HoldAtFailureShare is NaN. Set it to between 0.01 and 1.", failures);
        Assert.Contains("Scaling:ReportEvery is 00:00:30. Set it to between 00:00:01 and 00:00:20.", failures);
    }

    private ScalingReporter Make(int running = 0, ScalingReports reports = ScalingReports.Always, DeploymentLimiters? limiters = null, ILogger<ScalingReporter>? logger = null)
    {
        var reporter = new ScalingReporter(new ScalingOptions { Report = reports }, Mock.Of<ILoadSource>(source => source.Read() == new LoadSample { Slots = 10, Running = running }), host, limiters, time, logger ?? NullLogger<ScalingReporter>.Instance);
        made.Add(reporter);
        return reporter;
    }
}
