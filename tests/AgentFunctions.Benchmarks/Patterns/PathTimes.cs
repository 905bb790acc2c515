using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>
/// How long a run's critical path is, as its timeline says. What the timeline of a sub-orchestration on the path says stands in that step's place, so that
/// <see cref="Work"/> is only activities, timers and events, wherever they are: no queue, no engine, no orchestrator's code.
/// </summary>
/// <param name="Total">From the run's start to the end of the path's last step, in milliseconds.</param>
/// <param name="Work">Of that, what activities, timers and events took.</param>
internal sealed record PathTimes(double Total, double Work)
{
    public static async Task<PathTimes> ReadAsync(IRunClient client, string instanceId)
    {
        var run = await client.GetAsync(instanceId, includePayloads: false) ?? throw new RunNotFoundException(instanceId);
        var timeline = TimelineBuilder.Build(run, await client.GetHistoryAsync(instanceId) ?? throw new RunNotFoundException(instanceId));
        var path = timeline.CriticalPath;
        var work = (path.Run + path.Pause).TotalMilliseconds;
        foreach (var step in timeline.Branches.Where(branch => branch.OnCriticalPath && branch.SubInstanceId is not null))
        {
            work += (await ReadAsync(client, step.SubInstanceId!)).Work - step.Elapsed.TotalMilliseconds;
        }

        return new PathTimes(path.Total.TotalMilliseconds, work);
    }
}
