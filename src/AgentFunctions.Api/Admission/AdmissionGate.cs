using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Shedding;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Api.Admission;

/// <summary>Lets starts in, or refuses them where the host is loaded: of requests and of messages alike. One for a host.</summary>
/// <param name="options">The bounds.</param>
/// <param name="load">The load of the host. Null where it is not known: then only the limits of models and the starts under way count.</param>
/// <param name="limiters">The limiters of the models, or null.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Random numbers, 0 inclusive to 1 exclusive, by which those who are refused are spread.</param>
/// <param name="logger">Hears when a lane begins and ends to be shed.</param>
internal sealed class AdmissionGate(AdmissionOptions options, ILoadSource? load, DeploymentLimiters? limiters, TimeProvider time, Func<double> jitter, ILogger logger)
{
    private static readonly LoadSample Unknown = new();

    private readonly SheddingRules rules = options.Rules;
    private readonly ModelWaits models = new(limiters);
    private readonly Lock gate = new();
    private SheddingState state;
    private LaneCounts starting = new(0, 0, 0);

    /// <summary>The settings.</summary>
    public AdmissionOptions Options { get; } = options;

    /// <summary>How long runs take.</summary>
    public RunTimes RunTimes { get; } = new(time);

    /// <summary>Lets a start in, or says why not.</summary>
    /// <param name="lane">Its lane.</param>
    /// <param name="orchestrator">What is to be started.</param>
    /// <param name="deadline">How long from now its result is of use, below zero where that time is over, or null.</param>
    /// <returns>The pass, null where it is refused, and what was decided.</returns>
    public (AdmissionPass? Pass, ShedVerdict Verdict) Ask(RunPriority lane, string orchestrator, TimeSpan? deadline)
    {
        var (sample, waits) = Options.Enabled ? (load?.Read() ?? Unknown, models.Read()) : (Unknown, LaneWaits.None);
        var ask = new ShedAsk(lane, Options.Enabled ? deadline : null, RunTimes.Of(orchestrator));
        var fraction = jitter();
        ShedVerdict verdict;
        SheddingState before, after;
        lock (gate)
        {
            before = state;
            (verdict, after) = SheddingPolicy.Decide(rules, state, new IngressLoad { Sample = sample, Starting = starting, ModelWaits = waits }, ask, fraction);
            state = after;
            if (verdict.IsAdmitted) starting = starting.With(lane, 1);
        }

        if (before != after) Tell(before, after, verdict);
        return (verdict.IsAdmitted ? new AdmissionPass(this, lane, verdict.Wait + verdict.ModelWait) : null, verdict);
    }

    /// <summary>A start that was let in is over.</summary>
    public void Leave(RunPriority lane)
    {
        lock (gate)
        {
            starting = starting.With(lane, -1);
        }
    }

    private void Tell(SheddingState before, SheddingState after, ShedVerdict verdict)
    {
        foreach (var lane in LaneOrder.All)
        {
            if (after.Of(lane) && !before.Of(lane)) ApiLog.LaneShed(logger, lane, verdict.Ahead, verdict.Wait, verdict.ModelWait);
            if (before.Of(lane) && !after.Of(lane)) ApiLog.LaneTaken(logger, lane);
        }
    }
}
