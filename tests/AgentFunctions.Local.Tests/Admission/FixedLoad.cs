using AgentFunctions.Core.Load;

namespace AgentFunctions.Local.Tests.Admission;

/// <summary>A load that the test sets.</summary>
internal sealed class FixedLoad : ILoadSource
{
    /// <summary>Ten places, all taken, ten activities end a second, and nothing waits.</summary>
    public static readonly LoadSample Busy = new() { Slots = 10, Running = 10, EndedPerSecond = 10 };

    private volatile LoadSample sample = Busy;

    public LoadSample Sample
    {
        get => sample;
        set => sample = value;
    }

    /// <summary>So many activities wait, of background runs unless told otherwise.</summary>
    public FixedLoad Wait(int background = 0, int workflow = 0, int interactive = 0)
    {
        Sample = Busy with { Waiting = new(interactive, workflow, background) };
        return this;
    }

    public LoadSample Read() => sample;
}
