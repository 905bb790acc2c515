namespace AgentFunctions.Core.Tools;

/// <summary>Something outside that gives tools while it is there, such as an MCP server.</summary>
/// <param name="prefix">How its tools' names begin.</param>
internal sealed class ToolSource(string prefix)
{
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? absence = "it is being connected. Try again in a moment.";

    public string Prefix => prefix;

    public Task Settled => settled.Task;

    /// <summary>Why it is away, since when, and what to do; null while it is there.</summary>
    public string? Absence => absence;

    /// <summary>What it gives, by name; written under the registry's lock.</summary>
    public IReadOnlyDictionary<string, RegisteredTool> Tools { get; set; } = new Dictionary<string, RegisteredTool>(StringComparer.Ordinal);

    public void Report(string? absent)
    {
        absence = absent;
        settled.TrySetResult();
    }
}
