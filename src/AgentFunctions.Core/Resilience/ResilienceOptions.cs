namespace AgentFunctions.Core.Resilience;

/// <summary>How a host bears what fails. Bound from the section <see cref="Section"/>.</summary>
public sealed class ResilienceOptions
{
    /// <summary>The configuration section: <c>Resilience</c>.</summary>
    public const string Section = "Resilience";

    /// <summary>The circuits of the models' deployments.</summary>
    public CircuitOptions Models { get; set; } = new();

    /// <summary>The circuits of tools.</summary>
    public CircuitOptions Tools { get; set; } = new();

    /// <summary>What is otherwise for a tool, by its name. Default: nothing.</summary>
    public IDictionary<string, ToolCircuitOptions> PerTool { get; } = new Dictionary<string, ToolCircuitOptions>(StringComparer.Ordinal);

    /// <summary>Retries of models within an activity.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>How often a worker that makes calls looks what others know of what it calls, 100 ms to 1 minute. Default: 2 seconds.</summary>
    public TimeSpan ShareEvery { get; set; } = TimeSpan.FromSeconds(2);
}
