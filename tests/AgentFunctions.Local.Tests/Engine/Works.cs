using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>Activities to be run, without a run.</summary>
internal static class Works
{
    public static ActivityWork Of(int call, string name = "Work", RunPriority priority = RunPriority.Workflow, long handle = 1)
    {
        var instance = new Instance(handle);
        instance.Apply(DateTimeOffset.UnixEpoch, new ExecutionStarted { InstanceId = $"run-{handle}", Name = "Run", Input = default, CreatedAt = DateTimeOffset.UnixEpoch, Priority = priority });
        return new ActivityWork(instance, call, name, System.Text.Encoding.UTF8.GetBytes($"{call}"));
    }
}
