using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Batching;

/// <summary>How long texts may wait for company, and how many go together.</summary>
public sealed record BatchRules
{
    /// <summary>The longest wait of texts that a person waits for. Default: 10 ms.</summary>
    public TimeSpan InteractiveWait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest wait of texts of other runs. Default: 50 ms.</summary>
    public TimeSpan WorkflowWait { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait of texts that nobody waits for. Default: 500 ms.</summary>
    public TimeSpan BackgroundWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most texts of a request, at least 1. Default: 2,048, OpenAI's limit ("Create embeddings", API reference).</summary>
    public int MostTexts { get; init; } = 2048;

    /// <summary>The most tokens of a request, at least 1. Default: 300,000, OpenAI's limit ("Create embeddings", API reference).</summary>
    public double MostTokens { get; init; } = 300_000;

    /// <summary>The longest wait of a lane.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan WaitOf(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => InteractiveWait,
        RunPriority.Background => BackgroundWait,
        _ => WorkflowWait,
    };
}
