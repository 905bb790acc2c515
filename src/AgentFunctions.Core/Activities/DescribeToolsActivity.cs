using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>Says how tools may be called. It waits for MCP servers that are being connected for the first time, at most as long as that may take.</summary>
/// <param name="tools">The tools there are.</param>
public sealed class DescribeToolsActivity(ToolRegistry tools) : Activity<ToolQuery, ToolList>
{
    /// <inheritdoc/>
    public override async Task<ToolList> RunAsync(ActivityContext context, ToolQuery input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Names.Count == 0 || !input.Names.All(tools.Contains)) await tools.Settled.WaitAsync(cancellationToken);
        var names = input.Names.Count == 0 ? tools.Names : [.. input.Names.Distinct(StringComparer.Ordinal)];
        var found = names.Select(name => (Name: name, Tool: tools.TryFind(name))).ToList();
        return new ToolList([.. found.Where(tool => tool.Tool is not null).Select(tool => tool.Tool!.Description)], [.. found.Where(tool => tool.Tool is null).Select(tool => tool.Name)]);
    }
}
