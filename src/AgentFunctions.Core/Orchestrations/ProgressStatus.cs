using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Publishes a phase's progress as the custom status: at its start, then at most a hundred times, whatever the number of parts.</summary>
internal sealed class ProgressStatus
{
    private readonly OrchestrationContext context;
    private readonly string phase;
    private readonly int total;
    private int published;

    public ProgressStatus(OrchestrationContext context, string phase, int total)
    {
        this.context = context;
        this.phase = phase;
        this.total = total;
        context.SetCustomStatus(new RunProgress(phase, 0, total));
    }

    public void Report(int done)
    {
        if (done <= published || (done < total && done - published < (total + 99) / 100)) return;
        published = done;
        context.SetCustomStatus(new RunProgress(phase, done, total));
    }
}
