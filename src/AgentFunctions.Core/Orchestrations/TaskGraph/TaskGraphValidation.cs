using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Says what is wrong with a graph: its nodes, its edges, and who reads what before it is written. Bodies of repeats are graphs like it.</summary>
internal sealed class TaskGraphValidation(Catalog catalog, InputErrors errors)
{
    public const int MostNodes = 1_000;
    private const int MostEdges = 20_000;
    private const int MostErrors = 100;
    private const int DeepestRepeat = 5;
    private const int LongestKey = 100;

    public void Check(TaskGraphInput input)
    {
        var count = CountNodes(input, 0);
        errors.AddIf(count is 0 or > MostNodes, "nodes", $"There are {count.ToString("N0", CultureInfo.InvariantCulture)} nodes, those of bodies included. Send 1 to 1,000.");
        if (count <= MostNodes) CheckGraph(input, "", [], 0);
    }

    private static int CountNodes(TaskGraphInput input, int depth) =>
        input.Nodes.Count + (depth > DeepestRepeat ? 0 : input.Nodes.Sum(node => node?.Repeat is { } repeat ? CountNodes(repeat.Body, depth + 1) : 0));

    /// <summary>Checks a graph.</summary>
    /// <param name="input">The graph.</param>
    /// <param name="at">Where it is, with a dot at the end; empty for the outermost.</param>
    /// <param name="given">The keys that its state has from outside.</param>
    /// <param name="depth">How many repeats are around it.</param>
    private void CheckGraph(TaskGraphInput input, string at, IReadOnlyCollection<string> given, int depth)
    {
        errors.AddIf(input.Nodes.Count == 0 && at.Length > 0, $"{at}nodes", "There are no nodes. Send at least one.");
        errors.AddIf(input.MaxParallel is < 1 or > 1_000, $"{at}maxParallel", $"maxParallel is {input.MaxParallel}. It must be 1 to 1,000.");
        errors.AddIf(input.Edges.Count > MostEdges, $"{at}edges", $"There are {input.Edges.Count} edges. Send at most 20,000.");
        errors.AddIf(input.State is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) }, $"{at}state", $"The state is a JSON {input.State?.ValueKind}. Send an object.");
        CacheSettingsRules.Check(input.Cache, $"{at}cache", errors);
        if (input.Edges.Count > MostEdges) return;

        var before = errors.ByPath.Count;
        CheckNodes(input, at);
        CheckEdges(input, at);
        CheckOutputs(input, at);

        // Paths and cycles make sense only where keys do.
        if (errors.ByPath.Count > before) return;
        var plan = new GraphPlan(input);
        if (CheckShape(input, plan, at)) CheckReads(input, plan, at, given, depth);
    }

    private void CheckNodes(TaskGraphInput input, string at)
    {
        var keys = new InputKeys(errors);
        var events = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rules = new GraphNodeRules(catalog, errors);
        for (var i = 0; i < input.Nodes.Count && errors.ByPath.Count < MostErrors; i++)
        {
            var path = $"{at}nodes[{i}]";
            if (input.Nodes[i] is not { } node)
            {
                errors.AddIf(true, path, "The node is null. Send an object with 'key' and what it does.");
                continue;
            }

            keys.Add(node.Key, $"{path}.key");
            errors.AddIf(node.Key.Length is > 0 and <= LongestKey && !IsKey(node.Key), $"{path}.key", $"The key '{node.Key}' has other characters than letters, digits, _ and -. Leave these out.");
            errors.AddIf(node.Output is { } output && !IsKey(output), $"{path}.output", $"'{node.Output}' can't be a key of the state. Use 1 to {LongestKey} letters, digits, _ and -.");
            rules.Check(node, path);
            if (node.Approval is null) continue;
            var name = GraphNodeWork.EventNameOf(node);
            errors.AddIf(!events.TryAdd(name, node.Key), $"{path}.approval.eventName", $"The event '{name}' is also that of '{events[name]}' (case does not count), so a late decision on one would decide the other. Give each an event of its own.");
        }
    }

    private void CheckEdges(TaskGraphInput input, string at)
    {
        var keys = input.Nodes.Where(node => node is not null).Select(node => node.Key).ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<(string, string)>();
        for (var i = 0; i < input.Edges.Count && errors.ByPath.Count < MostErrors; i++)
        {
            var path = $"{at}edges[{i}]";
            if (input.Edges[i] is not { } edge)
            {
                errors.AddIf(true, path, "The edge is null. Send an object with 'from' and 'to'.");
                continue;
            }

            errors.AddIf(!keys.Contains(edge.From), $"{path}.from", $"There is no node '{edge.From}'. Name the key of a node.");
            errors.AddIf(!keys.Contains(edge.To), $"{path}.to", $"There is no node '{edge.To}'. Name the key of a node.");
            errors.AddIf(!known.Add((edge.From, edge.To)), path, $"There is already an edge from '{edge.From}' to '{edge.To}'. Join their conditions by 'or'.");
            if (edge.When is not null) ConditionRules.Check(edge.When, $"{path}.when", errors);
        }

        for (var i = 0; i < (input.Start?.Count ?? 0) && errors.ByPath.Count < MostErrors; i++)
        {
            errors.AddIf(input.Start![i] is not { } key || !keys.Contains(key), $"{at}start[{i}]", $"There is no node '{input.Start[i]}'. Name the key of a node.");
        }
    }

    private void CheckOutputs(TaskGraphInput input, string at)
    {
        var writers = input.Nodes.Where(node => node is not null).ToLookup(node => node.OutputKey, node => node.Key, StringComparer.Ordinal);
        foreach (var key in input.Merge.Keys)
        {
            errors.AddIf(!writers.Contains(key), $"{at}merge.{key}", $"No node writes '{key}'. Name a key that a node writes: its 'output', or else its own key.");
            errors.AddIf(
                input.Merge[key] == MergeRule.Sum && input.State is { ValueKind: JsonValueKind.Object } state && state.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Number,
                $"{at}state.{key}",
                $"The initial value of the sum '{key}' is no number. Send a number, or leave it out.");
        }

        foreach (var writer in writers.Where(writer => writer.Count() > 1 && !input.Merge.ContainsKey(writer.Key)))
        {
            errors.AddIf(true, $"{at}merge", $"{string.Join(" and ", writer.Select(key => $"'{key}'"))} all write '{writer.Key}'. Say under merge.{writer.Key} how they come together: replace, append, sum or first.");
        }
    }

    /// <summary>Cycles, and nodes that nothing leads to.</summary>
    /// <returns>True where there are none.</returns>
    private bool CheckShape(TaskGraphInput input, GraphPlan plan, string at)
    {
        if (plan.Cycle() is { } cycle)
        {
            errors.AddIf(true, $"{at}edges", $"The graph has a cycle: {string.Join(" → ", cycle.Select(place => plan.Nodes[place].Key))}. Take an edge out, or loop with a 'repeat' node.");
            var behind = Enumerable.Range(0, plan.Nodes.Count).Except(plan.Order).Except(cycle).Where(place => !plan.Reachable(plan.From[place].Select(edge => edge.To)).Contains(place));
            foreach (var place in behind.Take(MostErrors)) errors.AddIf(true, $"{at}nodes[{place}]", $"'{plan.Nodes[place].Key}' can't be reached: the way to it goes through a cycle.");
            return false;
        }

        if (input.Start is not { } start) return true;
        var starts = start.Select(plan.Place).ToHashSet();
        for (var i = 0; i < start.Count; i++)
        {
            errors.AddIf(plan.Into[plan.Place(start[i])].Any(), $"{at}start[{i}]", $"'{start[i]}' has edges into it, so the graph can't begin with it. Take it out of 'start'.");
        }

        // A way in from a node that is not reached leaves its end waiting for ever.
        var reached = plan.Reachable(starts);
        foreach (var place in Enumerable.Range(0, plan.Nodes.Count).Where(place => !reached.Contains(place) || (!plan.Into[place].Any() && !starts.Contains(place))))
        {
            errors.AddIf(true, $"{at}nodes[{place}]", $"'{plan.Nodes[place].Key}' can't be reached from 'start' ({string.Join(", ", start)}). Add an edge into it, or name it in 'start'.");
        }

        return true;
    }

    /// <summary>What nodes and edges read must be there from the start, or be written by a node before.</summary>
    private void CheckReads(TaskGraphInput input, GraphPlan plan, string at, IReadOnlyCollection<string> given, int depth)
    {
        HashSet<string> initial = [.. given];
        if (input.State is { ValueKind: JsonValueKind.Object } state) initial.UnionWith(state.EnumerateObject().Select(property => property.Name));
        var ancestors = plan.Ancestors();
        for (var i = 0; i < plan.Nodes.Count && errors.ByPath.Count < MostErrors; i++)
        {
            var node = plan.Nodes[i];
            CheckUses(GraphNodeRules.Uses(node), $"{at}nodes[{i}]", i, own: false);
            if (node.Repeat is { } repeat) CheckRepeat(repeat, $"{at}nodes[{i}].repeat", [.. initial, .. Written(i), "iteration"], depth);
        }

        for (var i = 0; i < plan.Edges.Count && errors.ByPath.Count < MostErrors; i++)
        {
            if (plan.Edges[i].When is { } when) CheckUses(ConditionRules.Uses(when), $"{at}edges[{i}].when", plan.Edges[i].From, own: true);
        }

        IEnumerable<string> Written(int node) => Enumerable.Range(0, plan.Nodes.Count).Where(place => ancestors[node][place]).Select(place => plan.Nodes[place].OutputKey);

        void CheckUses(IEnumerable<TemplateUse> uses, string path, int node, bool own)
        {
            HashSet<string>? visible = null;
            foreach (var use in uses.Where(use => !use.HasDefault))
            {
                visible ??= [.. initial, .. Written(node), .. own ? [plan.Nodes[node].OutputKey] : Array.Empty<string>()];
                errors.AddIf(!visible.Contains(use.Root), path, $"'{use.Path}' is asked for, but neither the initial state nor a node before writes '{use.Root}'. Add an edge from the node that writes it, put it in 'state', or give a default.");
            }
        }
    }

    private void CheckRepeat(GraphRepeat repeat, string path, IReadOnlyCollection<string> given, int depth)
    {
        errors.AddIf(depth >= DeepestRepeat, path, $"Repeats are nested more than {DeepestRepeat} deep. Make it flatter.");
        if (depth >= DeepestRepeat) return;
        CheckGraph(repeat.Body, $"{path}.body.", given, depth + 1);
        HashSet<string> visible = [.. given, .. repeat.Body.Nodes.Where(node => node is not null).Select(node => node.OutputKey)];
        if (repeat.Body.State is { ValueKind: JsonValueKind.Object } state) visible.UnionWith(state.EnumerateObject().Select(property => property.Name));
        foreach (var use in ConditionRules.Uses(repeat.Until).Where(use => !use.HasDefault && !visible.Contains(use.Root)))
        {
            errors.AddIf(true, $"{path}.until", $"'{use.Path}' is asked for, but neither the state nor a node of the body writes '{use.Root}'. Write it, or ask whether it exists.");
        }
    }

    private static bool IsKey(string key) => key.Length <= LongestKey && !key.Contains('.', StringComparison.Ordinal) && ValuePath.IsPath(key);
}
