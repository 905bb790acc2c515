using AgentFunctions.Core.Policies.Batching;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>How texts of concurrent calls are joined into requests for embeddings. Without an endpoint nothing is joined.</summary>
public sealed class BatchOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Batching";

    /// <summary>The longest wait that may be set: 10 s.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly BatchRules Defaults = new();

    /// <summary>Whether texts are joined. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long texts that a person waits for may wait for company, 0 to 10 s. Default: 10 ms.</summary>
    public TimeSpan InteractiveWait { get; set; } = Defaults.InteractiveWait;

    /// <summary>How long texts of other runs may wait, 0 to 10 s. Default: 50 ms.</summary>
    public TimeSpan WorkflowWait { get; set; } = Defaults.WorkflowWait;

    /// <summary>How long texts that nobody waits for may wait, 0 to 10 s. Default: 500 ms.</summary>
    public TimeSpan BackgroundWait { get; set; } = Defaults.BackgroundWait;

    /// <summary>The most texts of a request, 1 to 2,048. Default: 2,048.</summary>
    public int MaxTexts { get; set; } = Defaults.MostTexts;

    /// <summary>The most tokens of a request, by our estimate, 1 to 1,000,000. Default: 300,000.</summary>
    public int MaxTokens { get; set; } = (int)Defaults.MostTokens;

    /// <summary>How long the provider may take for a request before batches get smaller, 50 ms to 1 minute. Default: 1 s.</summary>
    public TimeSpan TargetLatency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The rules that they make.</summary>
    internal BatchRules Rules => new() { InteractiveWait = InteractiveWait, WorkflowWait = WorkflowWait, BackgroundWait = BackgroundWait, MostTexts = MaxTexts, MostTokens = MaxTokens };
}
