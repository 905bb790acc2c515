namespace AgentFunctions.Core.Tools;

/// <summary>What an orchestrator needs to know of a tool before it has it called.</summary>
/// <param name="Name">The tool's registered name.</param>
/// <param name="Effect">What calling it twice, or for nothing, does.</param>
/// <param name="Timeout">How long one attempt may take.</param>
public sealed record ToolDescription(string Name, ToolEffect Effect, TimeSpan Timeout);

/// <summary>Which tools an orchestrator asks about.</summary>
/// <param name="Names">The tools' names.</param>
public sealed record ToolQuery(IReadOnlyList<string> Names);

/// <summary>What is known of the tools that were asked about.</summary>
/// <param name="Tools">Those that there are, in the order of the question.</param>
/// <param name="Unknown">The names that no tool has.</param>
public sealed record ToolList(IReadOnlyList<ToolDescription> Tools, IReadOnlyList<string> Unknown);

/// <summary>What calling a tool does to the world: how it may be retried, and whether it may be called on a guess.</summary>
public enum ToolEffect
{
    /// <summary>It may change something, and a second call changes it again: never retried unless it deduplicates by the idempotency key. The default for a tool that does not say.</summary>
    Unsafe,

    /// <summary>It may change something, but twice is as once: it may be retried.</summary>
    Idempotent,

    /// <summary>It changes nothing: it may be retried and called on a guess.</summary>
    ReadOnly,
}
