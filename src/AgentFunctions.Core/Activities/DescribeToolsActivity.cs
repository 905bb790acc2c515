using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>Says what tools do: the built-in ones change nothing, any other may.</summary>
/// <param name="tools">The tools there are.</param>
public sealed class DescribeToolsActivity(ToolRegistry tools) : Activity<ToolQuery, ToolList>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Describes the tools.</summary>
    /// <param name="context">Not looked at.</param>
    /// <param name="input">Their names.</param>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    public override Task<ToolList> RunAsync(ActivityContext context, ToolQuery input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var known = input.Names.Where(tools.Contains).Select(name => new ToolDescription(name, tools.Get(name) is Tool ? ToolEffect.ReadOnly : ToolEffect.Unsafe, Timeout));
        return Task.FromResult(new ToolList([.. known], [.. input.Names.Where(name => !tools.Contains(name))]));
    }
}
